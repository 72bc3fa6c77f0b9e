//! The values of a header, also where a server has changed the header's name.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::Delivery;

use crate::finding::Finding;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// The values of a header under its own name, or under a name that a server has made of it.
pub(crate) struct Values<'d> {
    pub(crate) values: Vec<&'d [u8]>,
    pub(crate) findings: Vec<Finding>,
}

impl<'d> Values<'d> {
    pub(crate) fn of(delivery: &Delivery<'d>, name: &str) -> Self {
        let mut values: Vec<&[u8]> = Vec::new();
        for value in delivery.values(name) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let mut findings = Vec::new();
        if values.is_empty() {
            let wanted = bare_name(name.as_bytes());
            for (found, value) in delivery.pairs() {
                if bare_name(found) == wanted {
                    let evidence = facts! { "header": name, "found_as": String::from_utf8_lossy(found) };
                    findings = alloc::vec![Finding::new(CauseCode::HeaderMissing, evidence)];
                    values.push(value);
                }
            }
            values.dedup();
        }
        Self { values, findings }
    }
}

/// A header's name without the parts that servers and proxies change: case, `_` for `-`, `HTTP_`, `X-`, `X-Original-`.
fn bare_name(name: &[u8]) -> String {
    let lower: String =
        name.iter().map(|b| if *b == b'_' { '-' } else { char::from(b.to_ascii_lowercase()) }).collect();
    let mut rest = lower.as_str();
    while let Some(after) =
        ["http-", "x-", "original-", "forwarded-", "amzn-remapped-"].iter().find_map(|start| rest.strip_prefix(start))
    {
        rest = after;
    }
    rest.into()
}
