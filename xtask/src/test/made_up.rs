//! A provider is one source file and one vector file: a made-up one is added to a copy of the repository, and everything
//! else has to follow from `cargo xtask generate`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::count::{Count, Found};
use crate::run::Run;
use crate::{generate, paths, scratch};

/// The two files.
const ADDED: &[(&str, &str)] = &[
    ("crates/core/src/providers/made_up.rs", include_str!("made_up/made_up.rs")),
    ("tests/vectors/made-up.json", include_str!("made_up/made-up.json")),
];

/// What has to be there afterwards: a file, and a text in it.
const FOLLOWS: &[(&str, &str)] = &[
    ("crates/core/src/providers/mod.rs", "MADE_UP = made_up;"),
    ("tests/support/suites.rs", "../vectors/made-up.json"),
    ("fuzz/fuzz_targets/payloads.rs", "providers::made_up::Payload"),
    // Its types in TypeScript.
    ("pkg-template/src/generated/providers/made-up.ts", "type: \"parcel.sent\"; payload: MadeUp.Envelope"),
    ("pkg-template/src/generated/providers.ts", "\"made-up\": MadeUpEvents;"),
    // What verifies, signs and detects, and what the command line and the page list.
    ("pkg-template/src/generated/presets.ts", "title: \"Made Up\""),
    ("pkg-template/src/generated/event-types.ts", "\"parcel.sent\","),
    ("examples/debugger/examples.json", "\"provider\": \"made-up\""),
    ("docs/providers.md", "| `made-up` | X-Made-Up-Timestamp and the body |"),
];

/// What is not copied: it is made, or installed.
const LEFT_OUT: &[&str] = &[".git", "node_modules", "target"];

pub(super) fn follows() -> Found {
    let place = paths::target().join("made-up");
    let copy = place.join("repository");
    copied(&copy)?;
    for (file, text) in ADDED {
        fs::write(copy.join(file), text).with_context(|| format!("{file} could not be written"))?;
    }
    generate::write(&copy, &place.join("target"))?;
    for (file, text) in FOLLOWS {
        let found = fs::read_to_string(copy.join(file)).with_context(|| format!("{file} was not written"))?;
        ensure!(found.contains(text), "{file} does not know the provider that was added: it lacks {text}");
    }
    let types =
        Run::tool("tsc").arg("-p").arg(copy.join("pkg-template")).args(["--noEmit", "--emitDeclarationOnly", "false"]);
    types.quiet()?;
    Ok((Count::from(true), String::new()))
}

/// Makes the copy hold what the repository holds, and nothing else.
fn copied(copy: &Path) -> Result<()> {
    fs::create_dir_all(copy)?;
    for entry in fs::read_dir(paths::root())? {
        let from = entry?.path();
        let Some(name) = from.file_name() else { continue };
        if from.is_dir() {
            if !LEFT_OUT.iter().any(|left_out| name == *left_out) {
                scratch::mirror(&from, &copy.join(name))?;
            }
        } else {
            fs::copy(&from, copy.join(name))?;
        }
    }
    Ok(())
}
