//! Rust types as TypeScript declarations.

use std::fmt::Write as _;

use crate::model::{Declaration, Kind, Need, Ty};
use crate::text::{WIDTH, comment, key, quote};

pub(crate) fn declare(text: &mut String, declaration: &Declaration) {
    let generics = match declaration.parameters.as_slice() {
        [] => String::new(),
        parameters => format!("<{}>", parameters.join(", ")),
    };
    let name = &declaration.name;
    match &declaration.kind {
        Kind::Struct { parts, fields } => {
            comment(text, "  ", &declaration.docs);
            let extends = match parts.as_slice() {
                [] => String::new(),
                parts => {
                    let parts: Vec<String> = parts.iter().map(|part| spell(part, "")).collect();
                    format!(" extends {}", parts.join(", "))
                }
            };
            let _ = writeln!(text, "  interface {name}{generics}{extends} {{");
            for field in fields {
                comment(text, "    ", &field.docs);
                let key = key(&field.name);
                let ty = spell(&field.ty, "");
                let _ = match (field.need, &field.ty) {
                    (Need::Optional, Ty::Any) => writeln!(text, "    {key}?: unknown;"),
                    (Need::Optional, _) => writeln!(text, "    {key}?: {ty} | null;"),
                    (Need::Required | Need::Always, _) => writeln!(text, "    {key}: {ty};"),
                };
            }
            text.push_str("  }\n");
        }
        Kind::Union(variants) => {
            comment(text, "  ", &declaration.docs);
            let written: Vec<String> = if variants.iter().any(|ty| matches!(ty, Ty::Any)) {
                // TypeScript makes this of every union with it.
                vec!["unknown".into()]
            } else {
                variants.iter().map(|ty| spell(ty, "")).collect()
            };
            alternatives(text, &format!("type {name}{generics} ="), &written);
        }
        Kind::Words(words) => {
            let mut docs = declaration.docs.clone();
            for (word, about) in words.iter().filter(|(_, about)| !about.is_empty()) {
                let _ = write!(docs, "\n- `{word}`: {about}");
            }
            comment(text, "  ", &docs);
            let mut words: Vec<String> = words.iter().map(|(word, _)| quote(word)).collect();
            words.push("(string & {})".into());
            alternatives(text, &format!("type {name} ="), &words);
        }
        Kind::Literal(literal) => {
            comment(text, "  ", &declaration.docs);
            let _ = writeln!(text, "  type {name} = {};", quote(literal));
        }
    }
}

/// `start A | B;` inside a namespace, on one line or one line each.
pub(crate) fn alternatives(text: &mut String, start: &str, types: &[String]) {
    let line = format!("  {start} {};", types.join(" | "));
    if line.len() <= WIDTH {
        let _ = writeln!(text, "{line}");
    } else {
        let _ = writeln!(text, "  {start}\n    | {};", types.join("\n    | "));
    }
}

/// A type in TypeScript; names of the provider's own types get the prefix.
pub(crate) fn spell(ty: &Ty, prefix: &str) -> String {
    match ty {
        Ty::Text => "string".into(),
        Ty::Integer | Ty::Number => "number".into(),
        Ty::Bool => "boolean".into(),
        Ty::Any => "unknown".into(),
        Ty::List(item) => format!("{}[]", spell(item, prefix)),
        Ty::Map(item) => format!("Record<string, {}>", spell(item, prefix)),
        Ty::Parameter(name) => name.clone(),
        Ty::Named(name, arguments) if arguments.is_empty() => format!("{prefix}{name}"),
        Ty::Named(name, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(|argument| spell(argument, prefix)).collect();
            format!("{prefix}{name}<{}>", arguments.join(", "))
        }
    }
}
