//! White space and marks around a body and at the ends of its lines.

use alloc::vec::Vec;

use crate::body::candidate::List;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

pub(crate) fn marks<'h>(held: &'h [u8], list: &mut List<'h>) {
    match held.strip_prefix(BOM) {
        Some(rest) => list.push_part(b"", rest, CauseCode::BodyBomAdded, facts! { "bytes": 3 }),
        None => list.push_part(BOM, held, CauseCode::BodyBomLost, facts! { "bytes": 3 }),
    }
}

pub(crate) fn line_ends(held: &[u8], list: &mut List<'_>) {
    let code = CauseCode::BodyLineEndings;
    let carriage_returns = held.iter().filter(|b| **b == b'\r').count();
    let line_feeds = held.iter().filter(|b| **b == b'\n').count();
    if carriage_returns + line_feeds == 0 {
        return;
    }
    let pairs = held.windows(2).filter(|pair| pair == b"\r\n").count();
    let mut unix = Vec::with_capacity(held.len());
    let mut rest = held.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' => {
                rest.next_if_eq(&b'\n');
                unix.push(b'\n');
            }
            other => unix.push(other),
        }
    }
    let windows = || {
        let mut bytes = Vec::with_capacity(unix.len() + unix.len() / 16);
        for byte in &unix {
            if *byte == b'\n' {
                bytes.push(b'\r');
            }
            bytes.push(*byte);
        }
        bytes
    };
    if line_feeds > pairs || carriage_returns > pairs {
        list.push(windows(), code, facts! { "signed": "CRLF", "received": "LF", "lines": line_feeds }, true);
    }
    if carriage_returns > 0 {
        list.push(unix, code, facts! { "signed": "LF", "received": "CRLF", "lines": carriage_returns }, true);
    }
}

pub(crate) fn leading_space<'h>(held: &'h [u8], list: &mut List<'h>) {
    let trimmed = held.trim_ascii_start();
    if trimmed.len() < held.len() {
        let evidence = facts! { "where": "beginning", "bytes": held.len() - trimmed.len() };
        list.push_part(b"", trimmed, CauseCode::BodyPadded, evidence);
    }
    for &space in &["\n", " ", "\r\n", "  ", "\t", "\n\n"] {
        if trimmed.len() == held.len() {
            let evidence = facts! { "where": "beginning", "bytes": space.len() };
            list.push_part(space.as_bytes(), held, CauseCode::BodyTrimmed, evidence);
        }
    }
}
