//! The tables of the documents that follow from the code: `<!-- table: NAME -->` begins one, `<!-- end -->` ends it.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};
use countersign::diagnose::CauseCode;
use countersign::endpoint::EndpointCode;
use countersign::{Code, DEFAULT_LARGEST_BODY, Provider};
use countersign_core::internal::Signs;

use crate::output::Output;
use crate::paths;

type Table = (&'static str, fn() -> String);

/// Each document with its tables.
const DOCUMENTS: &[(&str, &[Table])] = &[
    ("docs/providers.md", &[("signed", signed), ("windows", windows)]),
    ("docs/codes.md", &[("codes", codes), ("endpoint codes", endpoint_codes)]),
    ("docs/explain.md", &[("causes", causes)]),
    ("pkg-template/README.md", &[("providers", names), ("codes", codes)]),
];

pub(crate) fn write() -> Result<Vec<Output>> {
    DOCUMENTS.iter().map(|(document, tables)| with_tables(document, tables)).collect()
}

fn with_tables(document: &str, tables: &[Table]) -> Result<Output> {
    let path = paths::root().join(document);
    let mut text = fs::read_to_string(&path).with_context(|| document.to_owned())?;
    for (name, rows) in tables {
        let begin = format!("<!-- table: {name} -->\n");
        let (before, rest) = text.split_once(&begin).with_context(|| format!("{document} lacks {begin}"))?;
        let (_, after) = rest.split_once("<!-- end -->").with_context(|| format!("{document}: {name} does not end"))?;
        text = format!("{before}{begin}{}<!-- end -->{after}", rows());
    }
    Ok(Output::new(path, text))
}

/// A table of Markdown.
fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let line = |cells: [String; N]| format!("| {} |\n", cells.join(" | "));
    let rows: String = rows.map(line).collect();
    format!("{}|{}\n{rows}", line(head.map(String::from)), "---|".repeat(N))
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn names() -> String {
    let row = |provider: &Provider| [code(provider.name()), provider.title().into(), provider.about().covers.into()];
    table(["name", "provider", "covered by the signature"], Provider::ALL.iter().map(row))
}

fn signed() -> String {
    let head = ["name", "covered by the signature", "not covered, so not to be trusted", "facts"];
    let row = |provider: &Provider| {
        let about = provider.about();
        let page = format!("[page]({})", about.docs);
        let covers = match about.signs {
            Signs::IfConfigured => format!("{}; nothing where no secret is set there", about.covers),
            Signs::Always => about.covers.into(),
        };
        [code(provider.name()), covers, about.not_covered.into(), page]
    };
    table(head, Provider::ALL.iter().map(row))
}

fn windows() -> String {
    let row = |provider: &Provider| {
        let first = provider.dialects().first().map(countersign::Dialect::scheme);
        let window = first.filter(|scheme| scheme.timestamp.is_some()).map(|scheme| scheme.tolerance);
        let side =
            |length: Option<Duration>| length.map_or_else(|| "off".into(), |length| format!("{} s", length.as_secs()));
        let window = window
            .map_or_else(|| "no timestamp".into(), |window| format!("{}, {}", side(window.past), side(window.future)));
        let horizon = format!("{} h", provider.retry_horizon().as_secs() / 3600);
        let said = provider.largest_body() != DEFAULT_LARGEST_BODY;
        let largest = format!("{} MiB{}", provider.largest_body() >> 20, if said { "" } else { "; not documented" });
        [code(provider.name()), window, horizon, largest]
    };
    table(["name", "window: past, future", "retry horizon", "largest body read"], Provider::ALL.iter().map(row))
}

fn codes() -> String {
    let row = |of: &Code| [code(of.as_str()), of.status().to_string(), of.sentence().into(), of.fix().into()];
    table(["code", "status", "meaning", "what to do"], Code::ALL.iter().map(row))
}

fn endpoint_codes() -> String {
    let row = |of: &EndpointCode| [code(of.as_str()), of.sentence().into(), of.fix().into()];
    table(["code", "meaning", "what to do"], EndpointCode::ALL.iter().map(row))
}

fn causes() -> String {
    let row = |of: &CauseCode| [code(of.as_str()), of.message().into(), of.fix().into()];
    table(["code", "meaning", "what to do"], CauseCode::ALL.iter().map(row))
}
