//! What fuzzing starts from: the vectors, each written in the form that its target reads.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::paths;
use crate::stamp::files_below;

/// All seeds run once before the seconds of a target begin, and explaining one delivery takes long.
const MOST: usize = 500;

/// Writes the seeds of a target into a folder, and says how many there are. What fuzzing added before stays.
pub(super) fn write(target: &str, folder: &Path) -> Result<usize> {
    let seeds = match target {
        "verify" => deliveries("tests/vectors")?,
        "diagnose" => deliveries("tests/vectors/diagnose")?,
        "envelopes" => bodies()?,
        "messages" => messages()?,
        "urls" => urls()?,
        _ => bail!("The fuzz target {target} has no seeds: name their source in xtask/src/check/seeds.rs."),
    };
    fs::create_dir_all(folder)?;
    let every = seeds.len().div_ceil(MOST).max(1);
    let seeds: Vec<Vec<u8>> = seeds.into_iter().step_by(every).collect();
    for seed in &seeds {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        fs::write(folder.join(format!("seed-{:016x}", hasher.finish())), seed)?;
    }
    Ok(seeds.len())
}

/// Time, provider or scheme, secret, headers, an empty line, the body: fuzz/src/lib.rs reads this.
fn deliveries(folder: &str) -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for (provider, case) in cases(folder)? {
        let now = case.get("now").and_then(Value::as_u64).unwrap_or_default();
        let scheme = case.get("scheme").map_or(provider, Value::to_string);
        let first_of_many = case.pointer("/secrets/0/secret");
        let secret = case.get("secret").or(first_of_many).and_then(Value::as_str).unwrap_or_default();
        let mut seed = format!("{now}\n{scheme}\n{secret}\n").into_bytes();
        for (name, value) in headers(&case) {
            seed.extend([name.as_bytes(), b":", &value, b"\n"].concat());
        }
        seed.push(b'\n');
        seed.extend(body(&case));
        seeds.push(seed);
    }
    Ok(seeds)
}

fn bodies() -> Result<Vec<Vec<u8>>> {
    Ok(cases("tests/vectors")?.iter().map(|(_, case)| body(case)).collect())
}

/// The headers of deliveries as the npm package writes them for its modules: each text with its length before it.
fn messages() -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for (_, case) in cases("tests/vectors")? {
        let texts = headers(&case).into_iter().flat_map(|(name, value)| [name.into_bytes(), value]);
        seeds.push(texts.flat_map(|text| [(text.len() as u32).to_le_bytes().to_vec(), text].concat()).collect());
    }
    Ok(seeds)
}

/// A vector writes each byte of a value as the character of that number.
fn headers(case: &Value) -> Vec<(String, Vec<u8>)> {
    let list = case.get("headers").and_then(Value::as_array);
    let pair = |header: &Value| {
        let part = |at: usize| header.get(at).and_then(Value::as_str).unwrap_or_default();
        (part(0).to_owned(), part(1).chars().map(|character| character as u8).collect())
    };
    list.into_iter().flatten().map(pair).collect()
}

fn urls() -> Result<Vec<Vec<u8>>> {
    let list = read(&paths::root().join("tests/addresses/urls.json"))?;
    let urls = list.as_array().into_iter().flatten().filter_map(|pair| pair.get(0)?.as_str());
    Ok(urls.map(|url| url.as_bytes().to_vec()).collect())
}

/// The cases of the files in a folder (not below), each with its provider.
fn cases(folder: &str) -> Result<Vec<(String, Value)>> {
    let folder = paths::root().join(folder);
    let mut found = Vec::new();
    for path in files_below(&folder)? {
        if path.parent() != Some(&folder) || path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let file = read(&path)?;
        // The schema has none.
        let Some(cases) = file.get("cases").and_then(Value::as_array) else { continue };
        let provider = file.get("provider").and_then(Value::as_str).unwrap_or_default();
        found.extend(cases.iter().map(|case| (provider.to_owned(), case.clone())));
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("{} could not be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

/// Bytes of a body; those that are only large are left to the suites.
fn body(case: &Value) -> Vec<u8> {
    let text = |key: &str| case.get(key).and_then(Value::as_str);
    match (text("body"), text("bodyHex")) {
        (Some(body), _) => body.as_bytes().to_vec(),
        (None, Some(hex)) => hex
            .as_bytes()
            .chunks(2)
            .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect(),
        (None, None) => Vec::new(),
    }
}
