//! A delivery of each provider for the page that explains: the one that was chosen, else the first of its vectors that can
//! be shown.

use anyhow::{Context as _, Result, bail};
use countersign::Provider;
use serde::{Deserialize, Serialize};

use crate::output::Output;
use crate::paths;

#[derive(Serialize, Deserialize)]
struct Example {
    provider: String,
    /// The id of the case in the provider's vectors.
    vector: String,
    secret: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    result: String,
    secret: Option<String>,
    headers: Vec<(String, String)>,
    body: Option<String>,
    options: Option<serde_json::Value>,
}

pub(crate) fn write() -> Result<Output> {
    let path = paths::root().join("examples/debugger/examples.json");
    let mut examples: Vec<Example> = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    examples.retain(|example| example.provider.parse::<Provider>().is_ok());
    for provider in Provider::ALL {
        if !examples.iter().any(|example| example.provider == provider.name()) {
            examples.push(first(provider.name())?);
        }
    }
    Ok(Output::new(path, serde_json::to_string_pretty(&examples)? + "\n"))
}

fn first(provider: &str) -> Result<Example> {
    let path = paths::root().join("tests/vectors").join(provider).with_extension("json");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let vectors: Vectors = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    for Case { id, result, secret, headers, body, options } in vectors.cases {
        if let ("valid", Some(secret), Some(body), None) = (result.as_str(), secret, body, options) {
            return Ok(Example { provider: provider.into(), vector: id, secret, headers, body });
        }
    }
    bail!("{}: no case is a valid delivery with one secret and a body that is text", path.display());
}
