//! The senders as data for `pkg-template/src/validate.ts`, which explains the tables.

use std::fmt::Write as _;

use anyhow::{Result, anyhow, ensure};
use countersign_core::internal::{Is, Part, Sent, Shape, WrongKind};
use countersign_core::{Dialect, Scheme, Tolerance};
use serde_json::Value;

use super::model::{Declaration, Kind, Sender, Ty};
use super::typescript::{key, name_of, quote};

pub(crate) fn write(text: &mut String, senders: &[Sender]) -> Result<()> {
    let mut table = Table::default();
    text.push_str("\n/** @internal */\nexport const presets: readonly Preset[] = [\n");
    for sender in senders {
        let (provider, about) = (sender.provider, sender.provider.about());
        text.push_str("  {\n");
        for (name, value) in [("name", provider.name()), ("title", about.title), ("docs", about.docs)] {
            let _ = writeln!(text, "    {name}: {},", quote(value));
        }
        dialects(text, provider.dialects())?;
        lines(text, "wrongKinds", provider.wrong_kinds().iter().map(wrong_kind).collect());
        let _ = writeln!(text, "    detectable: {},", provider.is_detectable());
        let _ = writeln!(text, "    retryHorizon: {},", provider.retry_horizon().as_secs());
        lines(text, "shapes", about.shapes.iter().map(shape).collect());
        lines(text, "sends", about.sends.iter().map(|(name, what)| sent(name, *what)).collect());
        let other = table.check(sender, &sender.payload.other, &[])?;
        let mut payloads = Vec::new();
        for (ty, events) in &sender.payload.variants {
            let check = table.check(sender, ty, &[])?;
            if check != other {
                for event in events {
                    plain(event)?;
                    payloads.push((check.clone(), event.as_str()));
                }
            }
        }
        let payloads = grouped(&payloads).replace(' ', " \" +\n      \"");
        let _ = writeln!(text, "    payloads:\n      \"{payloads}\",");
        let _ = writeln!(text, "    other: {},\n  }},", quote_check(&other));
    }
    text.push_str("];\n\n/** @internal */\nexport const validators: readonly Check[] = [\n");
    for (check, name) in &table.entries {
        let _ = writeln!(text, "  {check}, // {name}");
    }
    text.push_str("];\n");
    Ok(())
}

fn dialects(text: &mut String, dialects: &[Dialect]) -> Result<()> {
    text.push_str("    dialects: [\n");
    for dialect in dialects {
        let (name, scheme) = (quote(dialect.name), scheme(&dialect.scheme())?);
        let _ = writeln!(text, "      {{ name: {name}, auto: {}, scheme: {scheme} }},", dialect.auto);
    }
    text.push_str("    ],\n");
    Ok(())
}

/// A scheme as one of one's own is written, without what is the default.
fn scheme(scheme: &Scheme) -> Result<String> {
    ensure!(
        scheme.tolerance.past.is_some() && scheme.tolerance.future.is_some(),
        "a preset that switches off a side of its tolerance needs a word for Infinity here"
    );
    let mut value = serde_json::to_value(scheme)?;
    if scheme.tolerance == Tolerance::DEFAULT
        && let Some(tolerance) = value.get_mut("tolerance")
    {
        tolerance.take();
    }
    prune(&mut value);
    Ok(value.to_string())
}

/// Takes away what says nothing: null, false, empty texts and objects.
fn prune(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(prune);
        fields.retain(|_, value| match value {
            Value::Null | Value::Bool(false) => false,
            // The words that stand first in their lists are what is left out.
            Value::String(text) => !["", "hmac-sha256", "utf8", "unix"].contains(&text.as_str()),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        });
    }
}

fn wrong_kind((beginning, sentence): &WrongKind) -> String {
    format!("[{}, {}]", quote(beginning), quote(sentence))
}

fn lines(text: &mut String, name: &str, items: Vec<String>) {
    if items.is_empty() {
        let _ = writeln!(text, "    {name}: [],");
    } else {
        let _ = writeln!(text, "    {name}: [\n      {},\n    ],", items.join(",\n      "));
    }
}

fn shape(shape: &Shape) -> String {
    let requires = shape.requires.iter().map(|(field, is)| {
        let check = match is {
            Is::Present => "a".into(),
            Is::Text => "s".into(),
            Is::Object => "o".into(),
            Is::Exactly(text) => format!("={text}"),
        };
        (check, *field)
    });
    let parts = shape.event_type.iter().map(|part| match part {
        Part::Literal(text) => quote(&format!("={text}")),
        Part::Field(field) => quote(field),
        Part::Renamed(field, words) => {
            let words: Vec<String> = words.iter().map(|(old, new)| format!("{}: {}", key(old), quote(new))).collect();
            format!("[{}, {{ {} }}]", quote(field), words.join(", "))
        }
    });
    let requires = quote(&object(&requires.collect::<Vec<_>>()));
    let parts = parts.collect::<Vec<_>>().join(", ");
    let ids: String = shape.id.iter().map(|field| format!(", {}", quote(field))).collect();
    format!("[{requires}, [{parts}]{ids}]")
}

fn sent(name: &str, what: Sent) -> String {
    let (kind, text) = match what {
        Sent::Fixed(text) => ("fixed", text),
        Sent::BodyField(field) => ("field", field),
        Sent::Id => ("id", ""),
        Sent::DeliveryId => ("deliveryId", ""),
        Sent::EventType => ("type", ""),
    };
    format!("[{}, {}, {}]", quote(name), quote(kind), quote(text))
}

/// `s:id,object i?:created`: names by what they stand for.
fn grouped(fields: &[(String, &str)]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (check, name) in fields {
        match groups.iter_mut().find(|(known, _)| known == check) {
            Some((_, names)) => names.push(name),
            None => groups.push((check, vec![name])),
        }
    }
    groups.iter().map(|(check, names)| format!("{check}:{}", names.join(","))).collect::<Vec<_>>().join(" ")
}

/// The check of an object with these fields.
fn object(fields: &[(String, &str)]) -> String {
    if fields.is_empty() { "o".into() } else { grouped(fields) }
}

/// The checks that are more than a word, each once, with the name that asked for it first.
#[derive(Default)]
struct Table {
    entries: Vec<(String, String)>,
    depth: usize,
}

impl Table {
    /// The check of a type, a word or a position in the table; `arguments` stand for the type parameters in scope.
    fn check(&mut self, sender: &Sender, ty: &Ty, arguments: &[(String, String)]) -> Result<String> {
        Ok(match ty {
            Ty::Text => "s".into(),
            Ty::Integer => "i".into(),
            Ty::Number => "n".into(),
            Ty::Bool => "b".into(),
            Ty::Any => "a".into(),
            Ty::Map(item) if matches!(**item, Ty::Any) => "o".into(),
            Ty::List(item) => {
                let item = self.check(sender, item, arguments)?;
                self.entry(format!("[{}]", quote_check(&item)), "a list".into())
            }
            Ty::Map(item) => {
                let item = self.check(sender, item, arguments)?;
                self.entry(quote(&format!("{item}:*")), "a map".into())
            }
            Ty::Parameter(name) => {
                let argument = arguments.iter().find(|(parameter, _)| parameter == name);
                argument.map(|(_, check)| check.clone()).ok_or_else(|| anyhow!("no type for {name}"))?
            }
            Ty::Named(name, given) => {
                let declaration =
                    sender.declared(name).ok_or_else(|| anyhow!("{name} is not declared in its sender's file"))?;
                ensure!(declaration.parameters.len() == given.len(), "{name}: type arguments");
                let given = given.iter().map(|ty| self.check(sender, ty, arguments)).collect::<Result<Vec<_>>>()?;
                let inner: Vec<(String, String)> = declaration.parameters.iter().cloned().zip(given).collect();
                ensure!(self.depth < 32, "{name} holds itself");
                self.depth += 1;
                let check = self.declared(sender, declaration, &inner);
                self.depth -= 1;
                check?
            }
        })
    }

    fn declared(&mut self, sender: &Sender, declaration: &Declaration, inner: &[(String, String)]) -> Result<String> {
        let name = format!("{}.{}", name_of(sender), declaration.name);
        Ok(match &declaration.kind {
            Kind::Words(_) => "s".into(),
            Kind::Literal(text) => {
                plain(text)?;
                format!("={text}")
            }
            Kind::Union(variants) => {
                let checks = variants
                    .iter()
                    .map(|ty| self.check(sender, ty, inner).map(|check| quote_check(&check)))
                    .collect::<Result<Vec<_>>>()?;
                self.entry(format!("[{}]", checks.join(", ")), name)
            }
            Kind::Struct { .. } => {
                let mut fields = Vec::new();
                self.fields(sender, declaration, inner, &mut fields)?;
                if fields.is_empty() { "o".into() } else { self.entry(quote(&grouped(&fields)), name) }
            }
        })
    }

    /// The fields that can be wrong: an optional one that may be anything is not looked at.
    fn fields<'a>(
        &mut self,
        sender: &'a Sender,
        declaration: &'a Declaration,
        inner: &[(String, String)],
        found: &mut Vec<(String, &'a str)>,
    ) -> Result<()> {
        let Kind::Struct { parts, fields } = &declaration.kind else {
            return Err(anyhow!("{} is no struct", declaration.name));
        };
        for part in parts {
            let Ty::Named(name, _) = part else { return Err(anyhow!("only structs are flattened")) };
            let part = sender.declared(name).ok_or_else(|| anyhow!("{name} is not declared"))?;
            ensure!(part.parameters.is_empty(), "{name} is flattened and has type parameters");
            self.fields(sender, part, &[], found)?;
        }
        for field in fields {
            if field.optional && matches!(field.ty, Ty::Any) {
                continue;
            }
            plain(&field.name)?;
            let check = self.check(sender, &field.ty, inner)?;
            found.push((if field.optional { check + "?" } else { check }, &field.name));
        }
        Ok(())
    }

    fn entry(&mut self, check: String, name: String) -> String {
        let at = self.entries.iter().position(|(known, _)| *known == check).unwrap_or_else(|| {
            self.entries.push((check, name));
            self.entries.len() - 1
        });
        at.to_string()
    }
}

/// A name that the grammar of the tables can hold.
fn plain(name: &str) -> Result<()> {
    ensure!(
        !name.is_empty() && !name.contains([' ', ',', ':', '*', '?', '"', '\\']),
        "`{name}`: the tables cannot hold it"
    );
    Ok(())
}

/// A check that stands by itself: a position is a number there.
fn quote_check(check: &str) -> String {
    if check.parse::<usize>().is_ok() { check.into() } else { quote(check) }
}
