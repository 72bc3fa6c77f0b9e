//! Pieces of TypeScript text: comments, keys and quoted strings.

use std::fmt::Write as _;

/// How long a line may be, as in biome.jsonc.
pub(crate) const WIDTH: usize = 120;

pub(crate) fn comment(text: &mut String, indent: &str, docs: &str) {
    let docs = docs.replace("*/", "*\\/");
    if docs.contains('\n') || indent.len() + docs.len() + 7 > WIDTH {
        let _ =
            writeln!(text, "{indent}/**\n{indent} * {}\n{indent} */", docs.replace('\n', &format!("\n{indent} * ")));
    } else if !docs.is_empty() {
        let _ = writeln!(text, "{indent}/** {docs} */");
    }
}

/// A key of an object, quoted where it has to be.
pub(crate) fn key(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    if plain && !name.starts_with(|c: char| c.is_ascii_digit()) { name.into() } else { quote(name) }
}

pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A closed set of words: `export type Name = "a" | "b";`, one on each line.
pub(crate) fn words(text: &mut String, name: &str, docs: &str, words: &[&str]) {
    text.push('\n');
    comment(text, "", docs);
    let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
    let _ = writeln!(text, "export type {name} =\n  | {};", words.join("\n  | "));
}

/// A list of texts that other files of the package read by position.
pub(crate) fn list(text: &mut String, name: &str, docs: &str, ty: &str, items: &[&str]) {
    text.push('\n');
    comment(text, "", &format!("{docs}\n@internal"));
    let _ = writeln!(text, "export const {name}: readonly {ty}[] = [");
    for item in items {
        let _ = writeln!(text, "  {},", quote(item));
    }
    text.push_str("];\n");
}
