//! No circles: no file imports another that imports it, be it by way of others, in Rust or in TypeScript.
//!
//! In Rust a file imports what its paths lead to: `use`, calls and types, macros included. A name that a file only passes
//! on (`pub use`) leads to where it is passed on from. Declaring a module is no import, so lib.rs may list its modules.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Item, UseTree};

/// What imports what.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_file_imports_itself_by_way_of_others() {
    let mut found = Vec::new();
    for source in sources() {
        found.extend(circles(&rust(&source)));
    }
    found.extend(circles(&typescript("pkg-template/src")));
    let found: Vec<String> = found.iter().map(|circle| circle.iter().cloned().collect::<Vec<_>>().join("\n")).collect();
    assert!(found.is_empty(), "These import one another in a circle:\n{}", found.join("\nand these:\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The source folder of each crate.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        let source = folder.join("src");
        if folder.join("Cargo.toml").exists() && source.exists() {
            found.push(source);
        }
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name();
            let skipped = ["src", "target", "node_modules", "tests"].iter().any(|skipped| name == *skipped);
            if entry.file_type().unwrap().is_dir() && !skipped && !name.to_string_lossy().starts_with('.') {
                folders.push(entry.path());
            }
        }
    }
    assert!(found.len() > 5, "{found:?}");
    found
}

/// The files below a folder.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path as people name it.
fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/")
}

/// The sets of files of which each imports each, by way of others.
fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reached = |start: &String| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&String> = graph[start].iter().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file.clone()) {
                next.extend(graph.get(file).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = graph.keys().map(|file| (file, reached(file))).collect();
    let circle = |file: &&String| -> BTreeSet<String> {
        reached[*file].iter().filter(|other| reached[*other].contains(*file)).cloned().collect()
    };
    graph
        .keys()
        .filter(|file| reached[file].contains(*file))
        .map(|file| circle(&file))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

// Rust.

/// A path in a file, from the crate's root, and the name that it has there.
type Segments = Vec<String>;

/// A module: the file that it is in, and what it passes on by `use`: a name, or `*`, and where that leads.
#[derive(Default)]
struct Module {
    file: String,
    passes_on: Vec<(String, Segments)>,
    /// Where its paths lead.
    paths: BTreeSet<Segments>,
}

/// The modules of a crate by their paths.
type Modules = BTreeMap<Segments, Module>;

fn rust(source: &Path) -> Graph {
    let mut modules = Modules::new();
    for path in files(source, "rs") {
        let inside = path.strip_prefix(source).unwrap().with_extension("");
        let mut module: Segments = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        read(&mut modules, module, &name(&path), file.items);
    }
    let mut graph = Graph::new();
    for module in modules.values() {
        let uses = graph.entry(module.file.clone()).or_default();
        for path in &module.paths {
            let file = resolve(&modules, path, 0);
            if file != module.file {
                uses.insert(file);
            }
        }
    }
    graph
}

fn read(modules: &mut Modules, at: Segments, file: &str, items: Vec<Item>) {
    let mut module = Module { file: file.to_owned(), ..Module::default() };
    let children: Vec<String> = items
        .iter()
        .filter_map(|item| if let Item::Mod(item) = item { Some(item.ident.to_string()) } else { None })
        .collect();
    for item in items {
        match item {
            Item::Mod(item) => {
                if let Some((_, items)) = item.content {
                    let mut inner = at.clone();
                    inner.push(item.ident.to_string());
                    read(modules, inner, file, items);
                }
            }
            Item::Use(item) => {
                let mut leaves = Vec::new();
                flatten(&item.tree, Vec::new(), &mut leaves);
                for (name, path) in leaves {
                    if let Some(path) = absolute(&at, &children, &path) {
                        module.passes_on.push((name, path.clone()));
                        module.paths.insert(path);
                    }
                }
            }
            item => scan(item.to_token_stream(), &mut |path| {
                module.paths.extend(absolute(&at, &children, path));
            }),
        }
    }
    modules.insert(at, module);
}

/// Every name that a `use` brings in, with its path; `*` for all.
fn flatten(tree: &UseTree, before: Segments, found: &mut Vec<(String, Segments)>) {
    let with = |name: String| before.iter().cloned().chain([name]).collect::<Segments>();
    match tree {
        UseTree::Path(tree) => flatten(&tree.tree, with(tree.ident.to_string()), found),
        UseTree::Name(tree) if tree.ident == "self" => found.push((before.last().unwrap().clone(), before)),
        UseTree::Name(tree) => found.push((tree.ident.to_string(), with(tree.ident.to_string()))),
        UseTree::Rename(tree) if tree.ident == "self" => found.push((tree.rename.to_string(), before)),
        UseTree::Rename(tree) => found.push((tree.rename.to_string(), with(tree.ident.to_string()))),
        UseTree::Glob(_) => found.push(("*".into(), with("*".into()))),
        UseTree::Group(tree) => tree.items.iter().for_each(|tree| flatten(tree, before.clone(), found)),
    }
}

/// A path from the crate's root, if it is one into this crate.
fn absolute(at: &Segments, children: &[String], path: &[String]) -> Option<Segments> {
    let mut from = at.clone();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            from.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {}
        child if children.iter().any(|known| known == child) => {}
        _ => return None,
    }
    while let Some((first, behind)) = rest.split_first().filter(|(first, _)| *first == "super") {
        let _ = first;
        from.pop();
        rest = behind;
    }
    from.extend(rest.iter().cloned());
    Some(from)
}

/// Calls `found` with each path in these tokens, groups included.
fn scan(tokens: TokenStream, found: &mut dyn FnMut(&[String])) {
    let mut path: Segments = Vec::new();
    // How many colons have come since the last name.
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                if colons != 2 {
                    end(&mut path, found);
                }
                path.push(ident.to_string());
                colons = 0;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Group(group) => {
                end(&mut path, found);
                colons = 0;
                scan(group.stream(), found);
            }
            _ => {
                end(&mut path, found);
                colons = 0;
            }
        }
    }
    end(&mut path, found);
}

fn end(path: &mut Segments, found: &mut dyn FnMut(&[String])) {
    if path.len() > 1 {
        found(path);
    }
    path.clear();
}

/// The file that a path leads to.
fn resolve(modules: &Modules, path: &[String], depth: usize) -> String {
    let mut at = Segments::new();
    let mut rest = path;
    while let Some((first, behind)) = rest.split_first() {
        at.push(first.clone());
        if !modules.contains_key(&at) {
            at.pop();
            break;
        }
        rest = behind;
    }
    let module = &modules[&at];
    if let Some(name) = rest.first()
        && depth < 8
    {
        for (passed, to) in &module.passes_on {
            if passed == name {
                return resolve(modules, to, depth + 1);
            }
        }
    }
    module.file.clone()
}

// TypeScript.

fn typescript(folder: &str) -> Graph {
    let folder = root().join(folder);
    let mut graph = Graph::new();
    for path in files(&folder, "ts") {
        let uses = graph.entry(name(&path)).or_default();
        for imported in imports(&fs::read_to_string(&path).unwrap()) {
            let target = match imported.strip_prefix("countersign") {
                // As in tsconfig.json; what the bundler puts in place is none of these files.
                Some("") => folder.join("index.ts"),
                Some(entry @ ("/diagnose" | "/endpoints")) => folder.join(&entry[1..]).with_extension("ts"),
                _ if imported.starts_with('.') && imported.ends_with(".js") => {
                    normal(&path.parent().unwrap().join(imported)).with_extension("ts")
                }
                _ => continue,
            };
            assert!(target.exists(), "{} imports {imported}", path.display());
            uses.insert(name(&target));
        }
    }
    graph
}

/// What a file imports, types included: the text after `from`, or after `import` itself.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    let statements = text.split('\n').filter(|line| {
        let line = line.trim_start();
        ["import ", "export ", "} from "].iter().any(|start| line.starts_with(start))
    });
    statements.filter_map(|line| {
        let (before, rest) = line.split_once('"')?;
        let is_import = before.ends_with("from ") || before == "import ";
        is_import.then(|| rest.split('"').next()).flatten()
    })
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(normal.pop()),
            std::path::Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}
