//! The npm package: TypeScript and the module bundled into self-contained files, their types, and the tarball.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::paths;
use crate::run::Run;
use crate::stamp::Stamp;

/// One JavaScript file of the package.
struct Entry {
    source: &'static str,
    file: &'static str,
    format: &'static str,
}

const ENTRIES: &[Entry] = &[
    Entry { source: "index.ts", file: "index.js", format: "esm" },
    Entry { source: "index.ts", file: "index.cjs", format: "cjs" },
];

/// Declarations that users import; what they refer to comes along.
const TYPES: &[&str] = &["index.d.ts"];

/// Small first: the file is loaded at every cold start.
const ESBUILD_FLAGS: &[&str] = &[
    "--bundle",
    "--target=es2022",
    "--platform=neutral",
    "--minify-syntax",
    "--minify-whitespace",
    // Names that people see (Webhook, WebhookError) are set in the source.
    "--minify-identifiers",
    "--charset=utf8",
    "--log-level=warning",
];

/// Copied from the top of the repository.
const PAPERS: &[&str] = &["README.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Makes `paths::package()` and `paths::tarball()` from the module and pkg-template.
pub(crate) fn build() -> Result<()> {
    let mut stamp = Stamp::new("package").this_program()?.files(&paths::module())?.files(&paths::template())?;
    for paper in PAPERS {
        stamp = stamp.files(&paths::root().join(paper))?;
    }
    stamp = stamp.files(&paths::root().join("package-lock.json"))?;
    let done = stamp.step(&[paths::tarball(), paths::package().join("package.json")], || {
        let dist = paths::package().join("dist");
        if paths::package().exists() {
            fs::remove_dir_all(paths::package())?;
        }
        fs::create_dir_all(&dist)?;
        println!("Checking the TypeScript and writing its declarations (tsc)");
        types(&dist)?;
        println!("Bundling one file per module system (esbuild)");
        for entry in ENTRIES {
            bundle(entry, &dist)?;
        }
        println!("Packing (npm pack)");
        pack(&dist)
    })?;
    if !done {
        println!("The package is up to date");
    }
    Ok(())
}

/// How far each byte of the module is moved to become a character of a text: past the control characters, and so that
/// the bytes which are frequent in code become ASCII. `SHIFT` in load.ts says the same.
const SHIFT: u8 = 41;

/// The first character that a byte can become: the space.
const FIRST: u8 = 0x20;

/// A JavaScript file that exports the module as text, one character for each byte. Zipped it is little more than the
/// module itself, while base64, which breaks bytes in pieces, is a third more.
fn inline(module: &[u8]) -> String {
    let mut text = String::from("export default \"");
    for byte in module {
        let moved = byte.wrapping_add(SHIFT - FIRST);
        let character = char::from_u32(u32::from(moved) + u32::from(FIRST)).unwrap_or_default();
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push_str("\";\n");
    text
}

/// The module is inside as text: `import text from "countersign-wasm"`.
fn bundle(entry: &Entry, dist: &Path) -> Result<()> {
    let inlined = paths::work().join("countersign-wasm.js");
    fs::write(&inlined, inline(&fs::read(paths::module())?))?;
    Run::tool("esbuild")
        .arg(paths::template().join("src").join(entry.source))
        .args(ESBUILD_FLAGS)
        .arg(format!("--format={}", entry.format))
        .arg(format!("--alias:countersign-wasm={}", inlined.display()))
        .arg(format!("--banner:js=/*! countersign {} | MIT OR Apache-2.0 */", paths::VERSION))
        .arg(format!("--outfile={}", dist.join(entry.file).display()))
        .quiet()
        .map(drop)
}

/// Declarations of the public files and of what they refer to, once for `import` and once for `require`.
fn types(dist: &Path) -> Result<()> {
    let all = paths::work().join("types");
    if all.exists() {
        fs::remove_dir_all(&all)?;
    }
    Run::tool("tsc").arg("-p").arg(paths::template()).arg("--outDir").arg(&all).quiet()?;
    let mut todo: Vec<PathBuf> = TYPES.iter().map(PathBuf::from).collect();
    let mut done = BTreeSet::new();
    while let Some(file) = todo.pop() {
        if !done.insert(file.clone()) {
            continue;
        }
        let text = fs::read_to_string(all.join(&file)).with_context(|| format!("tsc made no {}", file.display()))?;
        todo.extend(references(&text).map(|name| PathBuf::from(format!("{name}.d.ts"))));
        let required = references(&text)
            .fold(text.clone(), |text, name| text.replace(&format!("./{name}.js"), &format!("./{name}.cjs")));
        fs::write(dist.join(&file), &text)?;
        fs::write(dist.join(file.with_extension("").with_extension("d.cts")), required)?;
    }
    Ok(())
}

/// The files beside it that a declaration file names, as in `from "./errors.js"`; all sources are in one folder.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split(['"', '\'']).filter_map(|name| name.strip_prefix("./")?.strip_suffix(".js"))
}

fn pack(dist: &Path) -> Result<()> {
    let manifest = fs::read_to_string(paths::template().join("package.json"))?;
    if !manifest.contains(&format!("\"version\": \"{}\"", paths::VERSION)) {
        bail!("pkg-template/package.json must say version {}, as Cargo.toml does.", paths::VERSION);
    }
    fs::write(paths::package().join("package.json"), manifest)?;
    for paper in PAPERS {
        fs::copy(paths::root().join(paper), paths::package().join(paper))
            .with_context(|| format!("{paper} could not be copied into the package"))?;
    }
    fs::copy(paths::module(), dist.join("countersign_bg.wasm"))?;
    Run::npm().args(["pack", "--silent"]).in_folder(&paths::package()).quiet().map(drop)
}
