//! Claims about the code that a machine can check: first lines, codes and presets.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::{Code, Provider};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn every_file_says_its_purpose_first() {
    for (folder, extension, begins) in [
        ("src", "rs", "//! "),
        ("crates", "rs", "//! "),
        ("xtask", "rs", "//! "),
        ("fuzz", "rs", "//! "),
        ("examples/demo", "rs", "//! "),
        ("pkg-template/src", "ts", "// "),
    ] {
        for path in files(folder, extension) {
            let text = fs::read_to_string(&path).unwrap();
            let crate_docs = path.ends_with("src/lib.rs");
            assert!(text.starts_with(begins) || crate_docs, "{} does not begin with its purpose", path.display());
        }
    }
}

#[test]
fn only_one_file_names_crypto_crates() {
    // The tests of a crate may sign with another implementation than ours.
    let is_other =
        |path: &Path| !path.ends_with("crates/core/src/crypto.rs") && !path.ends_with("crates/axum/tests/receive.rs");
    for path in files("crates", "rs").into_iter().filter(|path| is_other(path)) {
        let text = fs::read_to_string(&path).unwrap();
        for name in ["hmac::", "sha1::", "sha2::", "ed25519_dalek::", "ctutils::", "ct_codecs::"] {
            let named = text
                .match_indices(name)
                .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
            assert!(!named, "{} names {name}", path.display());
        }
    }
}

#[test]
fn codes_are_told_apart() {
    let mut seen = BTreeSet::new();
    for code in Code::ALL {
        assert!(seen.insert(code.as_str()), "{code} twice");
        for text in [code.sentence(), code.fix()] {
            assert!(text.ends_with('.') && text.len() < 140, "{code}: {text}");
        }
    }
}

#[test]
fn every_preset_is_sound() {
    for provider in Provider::ALL {
        assert!(!provider.dialects().is_empty() && provider.dialects()[0].auto, "{}", provider.name());
        for dialect in provider.dialects() {
            dialect.scheme().check().unwrap_or_else(|error| panic!("{} {}: {error}", provider.name(), dialect.name));
        }
        assert_eq!(provider.name().parse(), Ok(*provider));
    }
}

/// A lock file with download addresses would tie everybody to one machine's registry.
#[test]
fn lock_files_name_no_addresses() {
    for path in files("", "json").into_iter().filter(|path| path.ends_with("package-lock.json")) {
        assert!(!fs::read_to_string(&path).unwrap().contains("\"resolved\""), "{}", path.display());
    }
}
