//! The npm package: TypeScript and the module bundled into self-contained files, their types, and the tarball.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::paths;
use crate::run::Run;
use crate::stamp::{Stamp, files_below};

/// One JavaScript file of the package.
struct Entry {
    /// Below pkg-template/src.
    source: String,
    /// Below dist.
    file: String,
    format: &'static str,
    /// What has to be put in place of imports.
    core: Core,
}

/// How an entry has the core.
enum Core {
    /// Inside: this module, loaded as that file of pkg-template/src/load does.
    Inside(PathBuf, &'static str),
    /// It imports the package's main entry, or nothing of it.
    Beside,
}

/// An entry with a module inside: its source, how the names of its files begin, and the module.
fn with_module() -> [(&'static str, &'static str, PathBuf); 3] {
    [
        ("index.ts", "", paths::module()),
        ("diagnose.ts", "diagnose.", paths::explain_module()),
        ("endpoints.ts", "endpoints.", paths::endpoints_module()),
    ]
}

/// Its files, for each way to get the module; a file for `require` is there once.
const WAYS: &[(&str, &str, &str)] = &[
    ("js", "esm", "inline"),
    ("cjs", "cjs", "inline"),
    ("workerd.js", "esm", "workerd"),
    ("edge-light.js", "esm", "edge-light"),
];

/// The command line, for Node only.
const COMMAND: &str = "cli/main.ts";

/// Folders of pkg-template/src; each file in them (not below) is an entry of its own, for `import` and for `require`.
const SUBPATHS: &[&str] = &["adapters", "replay"];

/// An entry by itself, without its ending.
const TESTING: &str = "testing";

fn entries() -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (source, start, module) in with_module() {
        for &(end, format, load) in WAYS {
            let start = if start.is_empty() && load == "inline" { "index." } else { start };
            let core = Core::Inside(module.clone(), load);
            entries.push(Entry { source: source.into(), file: format!("{start}{end}"), format, core });
        }
    }
    entries.push(Entry { source: COMMAND.into(), file: "cli.js".into(), format: "esm", core: Core::Beside });
    for subpath in subpaths()? {
        for (end, format) in [("js", "esm"), ("cjs", "cjs")] {
            let (source, file) = (format!("{subpath}.ts"), format!("{subpath}.{end}"));
            entries.push(Entry { source, file, format, core: Core::Beside });
        }
    }
    Ok(entries)
}

/// The entries beside the main one, as paths below pkg-template/src and dist without their endings.
fn subpaths() -> Result<Vec<String>> {
    let mut subpaths = vec![TESTING.to_owned()];
    for folder in SUBPATHS {
        let inside = paths::template().join("src").join(folder);
        for file in files_below(&inside)? {
            if let (Some(parent), Some(stem)) = (file.parent(), file.file_stem())
                && parent == inside
            {
                subpaths.push(format!("{folder}/{}", stem.to_string_lossy()));
            }
        }
    }
    Ok(subpaths)
}

/// Small first: the file is loaded at every cold start.
const ESBUILD_FLAGS: &[&str] = &[
    "--bundle",
    "--target=es2022",
    "--minify-syntax",
    "--minify-whitespace",
    // Names that people see (Webhook, WebhookError) are set in the source.
    "--minify-identifiers",
    "--charset=utf8",
    // Node prints the whole line of an error that nobody catches.
    "--line-limit=1000",
    "--log-level=warning",
];

/// Copied as they are: the package's own README, and the licences from the top of the repository.
fn papers() -> [PathBuf; 3] {
    let (top, template) = (paths::root(), paths::template());
    [template.join("README.md"), top.join("LICENSE-APACHE"), top.join("LICENSE-MIT")]
}

/// Makes `paths::package()` and `paths::tarball()` from the module and pkg-template.
pub(crate) fn build() -> Result<()> {
    let mut stamp = Stamp::new("package")
        .this_program()?
        .files(&paths::module())?
        .files(&paths::explain_module())?
        .files(&paths::endpoints_module())?
        .files(&paths::template())?;
    for paper in papers() {
        stamp = stamp.files(&paper)?;
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
        println!("Bundling its files (esbuild)");
        for entry in entries()? {
            bundle(&entry, &dist)?;
        }
        println!("Packing (npm pack)");
        pack(&dist)
    })?;
    if !done {
        println!("The package is up to date");
    }
    Ok(())
}

/// How far each byte of a module is moved to become a character of a text: past the control characters, and so that the
/// bytes which are frequent in code become ASCII. `SHIFT` in load/inline.ts says the same.
const SHIFT: u8 = 41;

/// The first character that a byte can become: the space.
const FIRST: u8 = 0x20;

/// A JavaScript file that exports the module as a text.
fn inline(module: &Path) -> Result<String> {
    Ok(format!("export const text = \"{}\";\n", shifted(&fs::read(module)?)))
}

/// Bytes as a text, one character for each. Zipped it is little more than the bytes themselves, while base64, which
/// breaks them in pieces, is a third more.
fn shifted(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let moved = byte.wrapping_add(SHIFT - FIRST);
        let character = char::from_u32(u32::from(moved) + u32::from(FIRST)).unwrap_or_default();
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// A file below `work`, and what is in it.
fn written(name: &str, text: &str) -> Result<PathBuf> {
    let file = paths::work().join(name);
    fs::write(&file, text)?;
    Ok(file)
}

/// The name of a file.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The file below `work` that exports a module as a text.
fn inlined(module: &Path) -> Result<PathBuf> {
    written(&format!("{}.js", name_of(module)), &inline(module)?)
}

/// The core gets the module by `import { compile } from "countersign-load"`; inline, that imports the module's text.
fn bundle(entry: &Entry, dist: &Path) -> Result<()> {
    let source = paths::template().join("src");
    let start = if entry.source == COMMAND { "#!/usr/bin/env node\n" } else { "" };
    let mut esbuild = Run::tool("esbuild")
        .arg(source.join(&entry.source))
        .args(ESBUILD_FLAGS)
        .arg(format!("--format={}", entry.format))
        // For `require`, so that esbuild writes the names of the exports in the form that Node finds when it imports the file.
        .arg(format!("--platform={}", if entry.format == "cjs" { "node" } else { "neutral" }))
        .arg(format!("--banner:js={start}/*! countersign {} | MIT OR Apache-2.0 */", paths::VERSION))
        .arg(format!("--outfile={}", dist.join(&entry.file).display()));
    esbuild = match &entry.core {
        Core::Inside(module, load) => {
            let name = name_of(module);
            let text = inlined(module)?;
            let load = format!("{load}.ts");
            // Written for the main module; the others are loaded in the same way.
            let loader = fs::read_to_string(source.join("load").join(&load))?;
            let loader = written(&format!("{name}.{load}"), &loader.replace(&name_of(&paths::module()), &name))?;
            esbuild
                .arg(format!("--alias:countersign-load={}", loader.display()))
                .arg(format!("--alias:countersign-wasm={}", text.display()))
                .args([format!("--external:./{name}"), format!("--external:./{name}?module")])
        }
        Core::Beside => {
            let samples = paths::root().join("tests/vectors/captured/events.json");
            esbuild
                .args(["--external:countersign", "--external:countersign/*", "--external:node:*"])
                .arg(format!("--alias:countersign-samples={}", samples.display()))
                .arg(format!("--define:VERSION=\"{}\"", paths::VERSION))
        }
    };
    esbuild.quiet()?;
    match entry.core {
        Core::Inside(..) if entry.format == "esm" => shrink(&dist.join(&entry.file)),
        _ => Ok(()),
    }
}

/// What esbuild leaves: 0.3 KB, zipped. It breaks lines between words, not within texts, and leaves the module's text at
/// the beginning, where it zips best. Not for `require`: it would drop the names of exports that Node reads in such files.
fn shrink(file: &Path) -> Result<()> {
    Run::tool("terser")
        .arg(file)
        .args(["--compress", "passes=3,ecma=2020", "--mangle", "toplevel", "--comments", "/^!/"])
        .args(["--format", "ecma=2020,max_line_len=1000", "--output"])
        .arg(file)
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
    // The command line has Node's types, which nothing else may use.
    Run::tool("tsc").arg("-p").arg(paths::template().join("src/cli")).quiet()?;
    let mut todo = with_module().map(|(source, ..)| PathBuf::from(source).with_extension("d.ts")).to_vec();
    todo.extend(subpaths()?.iter().map(|subpath| PathBuf::from(format!("{subpath}.d.ts"))));
    let mut done = BTreeSet::new();
    while let Some(file) = todo.pop() {
        if !done.insert(file.clone()) {
            continue;
        }
        let text = fs::read_to_string(all.join(&file)).with_context(|| format!("tsc made no {}", file.display()))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        todo.extend(references(&text).map(|name| beside(folder, name)));
        let required = references(&text)
            .fold(text.clone(), |text, name| text.replace(&format!("{name}.js"), &format!("{name}.cjs")));
        let to = dist.join(&file);
        fs::create_dir_all(to.parent().unwrap_or(dist))?;
        fs::write(to.with_extension("").with_extension("d.cts"), required)?;
        fs::write(to, text)?;
    }
    Ok(())
}

/// The files of the package that a declaration file names, as in `from "./errors.js"`, without their ending.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let relative = text.split(['"', '\'']).filter(|name| name.starts_with("./") || name.starts_with("../"));
    relative.filter_map(|name| name.strip_suffix(".js"))
}

/// The declaration file of that name, seen from a folder.
fn beside(folder: &Path, name: &str) -> PathBuf {
    let mut path = folder.to_path_buf();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::ParentDir => drop(path.pop()),
            _ => {}
        }
    }
    path.with_extension("d.ts")
}

fn pack(dist: &Path) -> Result<()> {
    let manifest = fs::read_to_string(paths::template().join("package.json"))?;
    if !manifest.contains(&format!("\"version\": \"{}\"", paths::VERSION)) {
        bail!("pkg-template/package.json must say version {}, as Cargo.toml does.", paths::VERSION);
    }
    for subpath in subpaths()? {
        if !manifest.contains(&format!("./dist/{subpath}.js")) {
            bail!("pkg-template/package.json has nothing about {subpath} under \"exports\".");
        }
    }
    fs::write(paths::package().join("package.json"), manifest)?;
    for paper in papers() {
        fs::copy(&paper, paths::package().join(name_of(&paper)))
            .with_context(|| format!("{} could not be copied into the package", paper.display()))?;
    }
    for (.., module) in with_module() {
        fs::copy(&module, dist.join(name_of(&module)))?;
    }
    Run::npm().args(["pack", "--silent"]).in_folder(&paths::package()).quiet().map(drop)
}
