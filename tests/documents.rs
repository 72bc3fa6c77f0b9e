//! Claims of the documents that a machine can check: links, paths and commands exist, tables are complete, and no code
//! block is left untested. The blocks themselves are tested elsewhere: Rust by `src/documents.rs`, TypeScript by
//! `tests/frameworks/types.test.mjs`, commands by `tests/cli/documents.test.mjs`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::{Code, Provider};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text_of(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A block of code: what stands after the three backticks, and the lines below.
struct Block {
    language: String,
    code: String,
}

/// A document, taken apart into sentences and blocks of code.
struct Document {
    path: PathBuf,
    text: String,
    prose: String,
    blocks: Vec<Block>,
}

impl Document {
    fn read(path: PathBuf) -> Self {
        let text = text_of(&path);
        let (mut prose, mut blocks, mut open) = (String::new(), Vec::new(), None::<Block>);
        for line in text.lines() {
            // A block may stand in a list.
            match (&mut open, line.trim_start().strip_prefix("```")) {
                (None, Some(language)) => open = Some(Block { language: language.into(), code: String::new() }),
                (Some(_), Some(end)) => {
                    assert_eq!(end, "", "{}: a block ends with three backticks", path.display());
                    blocks.extend(open.take());
                }
                (Some(block), None) => block.code.push_str(&format!("{line}\n")),
                (None, None) => prose.push_str(&format!("{line}\n")),
            }
        }
        assert!(open.is_none(), "{}: a block of code does not end", path.display());
        Self { path, text, prose, blocks }
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// What stands in backticks.
    fn spans(&self) -> Vec<String> {
        let parts: Vec<&str> = self.prose.split('`').collect();
        assert!(parts.len() % 2 == 1, "{}: an odd number of backticks", self.name());
        parts.into_iter().skip(1).step_by(2).map(|span| span.replace('\n', " ")).collect()
    }

    /// The targets of its links.
    fn links(&self) -> Vec<String> {
        let outside: String = self.prose.split('`').step_by(2).collect();
        outside.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect()
    }

    /// The anchors of its headings, as GitHub makes them.
    fn anchors(&self) -> BTreeSet<String> {
        let headings = self.prose.lines().filter(|line| line.starts_with('#'));
        headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The files of a folder whose names end in `.md`.
fn documents_in(folder: &str) -> Vec<PathBuf> {
    let names = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
    let mut found: Vec<PathBuf> = names.map(|name| Path::new(folder).join(name)).collect();
    found.retain(|path| path.extension().is_some_and(|end| end == "md"));
    found.sort();
    found
}

const NPM_PAGE: &str = "pkg-template/README.md";
const FRONT_PAGE: &str = "src/front.md";

fn documents() -> Vec<Document> {
    let mut paths = documents_in("");
    paths.extend(documents_in("docs"));
    paths.extend([NPM_PAGE, FRONT_PAGE, "tests/README.md"].map(PathBuf::from));
    paths.into_iter().map(Document::read).collect()
}

#[test]
fn every_link_leads_somewhere() {
    for document in documents() {
        for link in document.links() {
            if link.starts_with("https://") {
                continue;
            }
            let place = || format!("{}: ({link})", document.name());
            let (file, wanted) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => document.path.clone(),
                file => document.path.parent().unwrap().join(file),
            };
            assert!(root().join(&target).exists(), "{} leads to no file", place());
            if !wanted.is_empty() {
                assert!(Document::read(target).anchors().contains(wanted), "{} leads to no heading", place());
            }
        }
    }
}

/// Text in backticks that begins with one of these and a slash is a path of the repository.
const FOLDERS: &[&str] = &[
    ".ci",
    ".github",
    "benches",
    "crates",
    "docs",
    "examples",
    "fuzz",
    "pkg-template",
    "src",
    "tests",
    "unpack",
    "xtask",
];

#[test]
fn every_path_exists() {
    let mut checked = 0;
    for document in documents() {
        for span in document.spans() {
            let is_path =
                span.split_once('/').is_some_and(|(folder, _)| FOLDERS.contains(&folder)) && !span.contains(' ');
            let is_paper = span.ends_with(".md") && !span.contains(['/', ' ', '*']);
            if !is_path && !is_paper {
                continue;
            }
            // `NAME` and `*` stand for any name: what is above has to exist.
            let known = span.split('/').take_while(|part| !part.contains("NAME") && !part.contains('*'));
            let path: PathBuf = known.collect();
            assert!(root().join(path).exists(), "{}: `{span}` does not exist", document.name());
            checked += 1;
        }
    }
    assert!(checked > 30, "{checked}");
}

/// The words that follow a text, wherever it stands.
fn words_after<'t>(text: &'t str, start: &str) -> impl Iterator<Item = Vec<&'t str>> {
    let word = |part: &'t str| part.trim_end_matches(['.', ',', ';', ':', '`', ')']);
    text.split(start).skip(1).map(move |rest| {
        let command = rest.split(['`', '\n', '#', '|']).next().unwrap();
        command.split_whitespace().map(word).collect()
    })
}

#[test]
fn every_command_of_the_build_tool_exists() {
    let main = text_of("xtask/src/main.rs");
    let sources: String = fs::read_dir(root().join("xtask/src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(text_of)
        .collect();
    let mut checked = 0;
    for document in documents() {
        for words in words_after(&document.text, "cargo xtask ") {
            let name = words[0];
            if name.chars().all(|c| c.is_ascii_lowercase()) && !name.is_empty() {
                assert!(main.contains(&format!("name: \"{name}\"")), "{}: cargo xtask {name}", document.name());
                checked += 1;
            }
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                assert!(sources.contains(&format!("\"{flag}\"")), "{}: cargo xtask {name} {flag}", document.name());
            }
        }
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn every_example_crate_and_test_that_a_command_names_exists() {
    let manifests: String =
        ["Cargo.toml", "examples/axum/Cargo.toml", "xtask/Cargo.toml"].into_iter().map(text_of).collect();
    for document in documents() {
        let named = |name: &str| manifests.contains(&format!("name = \"{name}\""));
        for words in words_after(&document.text, "--example ").chain(words_after(&document.text, "cargo run -p ")) {
            assert!(named(words[0]), "{}: there is no {}", document.name(), words[0]);
        }
        for words in words_after(&document.text, "--test ") {
            let exists = root().join(format!("tests/{}.rs", words[0])).exists();
            assert!(exists || named(words[0]), "{}: --test {}", document.name(), words[0]);
        }
    }
}

/// What the commands begin with. Those of `npx` are run by `tests/cli/documents.test.mjs`.
const PROGRAMS: &[&str] = &["cargo", "npm", "npx", "export"];

/// The languages that something tests, or that hold nothing to test.
const LANGUAGES: &[&str] = &["rust", "rust,no_run", "ts", "sh", "sql", "json", "text"];

#[test]
fn every_block_is_tested() {
    let doc_tests = text_of("src/documents.rs");
    for document in documents() {
        let name = document.name();
        for block in &document.blocks {
            assert!(LANGUAGES.contains(&&*block.language), "{name}: nothing tests a block of `{}`", block.language);
            match &*block.language {
                "json" => drop(
                    serde_json::from_str::<serde_json::Value>(&block.code).unwrap_or_else(|e| panic!("{name}: {e}")),
                ),
                language if language.starts_with("rust") => {
                    // GitHub shows them.
                    let hidden = block.code.lines().any(|line| line == "#" || line.starts_with("# "));
                    assert!(!hidden, "{name}: a hidden line in a block of Rust");
                    let is_doc_test = doc_tests.contains(&format!("include_str!(\"../{name}\")"));
                    assert!(is_doc_test || name == FRONT_PAGE, "{name} has Rust that src/documents.rs does not test");
                }
                "sh" => {
                    for line in block.code.lines() {
                        let program = line.split_whitespace().next().unwrap_or_default();
                        assert!(PROGRAMS.contains(&program), "{name}: nothing tests {line}");
                    }
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_document_says_first_what_it_is_for() {
    for path in documents_in("docs") {
        let Document { text, path, .. } = Document::read(path);
        let lines: Vec<&str> = text.lines().take(3).collect();
        let says = lines[0].starts_with("# ") && lines[1].is_empty() && lines[2].starts_with("This page ");
        assert!(says, "{} begins with its title and \"This page …\"", path.display());
    }
}

/// The glossary of docs/architecture.md: both sides of a delivery have been called by this word.
#[test]
fn no_document_says_sender() {
    for document in documents() {
        // A code, which is never renamed, and the word itself as one that is talked about.
        let text = document.text.to_lowercase().replace("header_other_sender", "").replace("\"sender\"", "");
        assert!(!text.contains("sender"), "{}: say provider, or dispatch", document.name());
    }
}

#[test]
fn the_readme_is_short_and_leads_to_every_document() {
    let readme = Document::read("README.md".into());
    let lines = readme.text.lines().count();
    assert!(lines <= 150, "README.md has {lines} lines");
    let links = readme.links();
    let papers = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "tests/README.md"].map(PathBuf::from);
    for path in documents_in("docs").into_iter().chain(papers) {
        assert!(links.iter().any(|link| Path::new(link) == path), "README.md does not lead to {}", path.display());
    }
}

/// It is read on npm's site: beside no other file, and by people who do not build.
#[test]
fn the_npm_page_stands_alone() {
    let page = Document::read(NPM_PAGE.into());
    for link in page.links() {
        assert!(link.starts_with("https://") || link.starts_with('#'), "{NPM_PAGE}: ({link}) leads nowhere on npm");
    }
    for word in ["rust\n", "cargo ", "countersign::"] {
        assert!(!page.text.contains(word), "{NPM_PAGE} has {word:?}");
    }
}

/// Between `<!-- table: … -->` and `<!-- end -->`, `cargo xtask generate` writes the rows.
#[test]
fn the_tables_are_complete() {
    let has = |document: &str, row: &str| {
        let times = text_of(document).matches(row).count();
        assert!(times > 0, "{document} lacks a row: {row}. Run cargo xtask generate.");
        times
    };
    for provider in Provider::ALL {
        let name = provider.name();
        assert!(has("docs/providers.md", &format!("| `{name}` | ")) >= 2, "{name}: what is signed, and the window");
        has(NPM_PAGE, &format!("| `{name}` | "));
        for dialect in provider.dialects().iter().filter(|_| provider.dialects().len() > 1) {
            has("docs/providers.md", &format!("| `{name}` | `{}` | ", dialect.name));
        }
    }
    for code in Code::ALL {
        for document in ["docs/codes.md", NPM_PAGE] {
            has(document, &format!("| `{code}` | {} | ", code.status()));
        }
    }
    #[cfg(feature = "dispatch")]
    for code in countersign::dispatch::DispatchCode::ALL {
        has("docs/codes.md", &format!("| `{}` | ", code.as_str()));
    }
    #[cfg(feature = "diagnose")]
    for cause in countersign::diagnose::CauseCode::ALL {
        has("docs/explain.md", &format!("| `{cause}` | "));
    }
}

/// The maps name everything that is there.
#[test]
fn the_maps_are_complete() {
    let names_of = |folder: &str| {
        let entries = fs::read_dir(root().join(folder)).unwrap().map(Result::unwrap);
        let names = entries.map(|entry| (entry.path(), entry.file_name().into_string().unwrap()));
        names
            .filter(|(_, name)| !name.starts_with('.') && name != "target" && name != "node_modules")
            .collect::<Vec<_>>()
    };
    let architecture = text_of("docs/architecture.md");
    for (folder, start) in [("", ""), ("crates", "crates/")] {
        for (_, name) in names_of(folder).into_iter().filter(|(path, name)| path.is_dir() && name != "crates") {
            assert!(architecture.contains(&format!("| `{start}{name}` |")), "docs/architecture.md: {start}{name}");
        }
    }
    let tests = text_of("tests/README.md");
    for (path, name) in names_of("tests") {
        let mapped = path.is_dir() || path.extension().is_some_and(|end| end == "rs");
        assert!(!mapped || tests.contains(&format!("| `tests/{name}` |")), "tests/README.md: {name}");
    }
}

#[test]
fn the_documents_know_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let changelog = text_of("CHANGELOG.md");
    for heading in ["## Unreleased", &format!("## {version}")] {
        assert!(changelog.lines().any(|line| line.starts_with(heading)), "CHANGELOG.md lacks {heading}");
    }
    for document in documents() {
        for words in words_after(&document.text, "target/npm/countersign-") {
            assert_eq!(words[0], format!("{version}.tgz"), "{}", document.name());
        }
    }
}
