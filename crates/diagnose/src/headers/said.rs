//! What the headers say about the delivery's time and id, as far as they do.

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::unjoin;
use countersign_core::{Delivery, Scheme, TimestampFormat, UnixTime};

use crate::finding::Finding;
use crate::headers::times::{any_time, format_name, http_date, is_grouped};
use crate::headers::values::Values;
use crate::rank::by_rank;
use crate::redact::encoding_of;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;

/// What the headers say, as far as they do.
pub(crate) struct Said {
    pub(crate) timestamps: Vec<Text>,
    pub(crate) ids: Vec<Text>,
}

impl Said {
    pub(crate) fn read(scheme: &Scheme, delivery: &Delivery<'_>, signatures: &Values<'_>) -> Self {
        Self { timestamps: timestamps(scheme, delivery, signatures), ids: ids(scheme, delivery) }
    }
}

/// A timestamp or id as it may have been signed.
#[derive(Clone)]
pub(crate) struct Text {
    pub(crate) text: Vec<u8>,
    pub(crate) time: Option<UnixTime>,
    pub(crate) findings: Vec<Finding>,
}

/// What the timestamp may have been, the most probable first. Empty where none is there.
fn timestamps(scheme: &Scheme, delivery: &Delivery<'_>, signatures: &Values<'_>) -> Vec<Text> {
    let Some(source) = &scheme.timestamp else {
        return Vec::new();
    };
    let field = source.field.as_bytes();
    let in_header = source.header.is_empty();
    let (raw, mut base): (Vec<Vec<u8>>, Vec<Finding>) = if in_header {
        let items = signatures.values.iter().flat_map(|value| value.split(|b| b",; \"'".contains(b)));
        let texts = items.filter_map(|item| {
            let (name, rest) = item.split_at_checked(field.len())?;
            name.eq_ignore_ascii_case(field).then_some(())?;
            rest.strip_prefix(b"=").map(Vec::from)
        });
        (texts.collect(), Vec::new())
    } else {
        let found = Values::of(delivery, &source.header);
        let whole = found.values.iter().copied();
        // What was joined is taken apart, but a date may have commas of its own.
        let texts = whole.flat_map(|value| match http_date(value) {
            Some(_) => alloc::vec![Vec::from(value)],
            None if is_grouped(value) => alloc::vec![Vec::from(value)],
            None => value.split(|b| *b == b',').map(|part| Vec::from(part.trim_ascii())).collect(),
        });
        (texts.collect(), found.findings)
    };
    let mut distinct: Vec<Vec<u8>> = Vec::new();
    for text in raw {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    let header = if in_header { scheme.signature.header.as_ref() } else { source.header.as_ref() };
    let mut all = Vec::new();
    for (at, text) in distinct.iter().enumerate() {
        let mut findings = core::mem::take(&mut base);
        base.clone_from(&findings);
        if distinct.len() > 1 {
            findings.push(Finding::new(
                CauseCode::HeaderConflict,
                facts! { "header": header, "values": distinct.len(), "right": at + 1 },
            ));
        }
        for (text, time, finding) in time_texts(text, source.format) {
            let mut findings = findings.clone();
            findings.extend(finding);
            all.push(Text { text, time, findings });
        }
    }
    by_rank(all.into_iter().map(|text: Text| (text.findings.len(), text)).collect())
}

/// A timestamp as received, and in the form that the sender writes.
fn time_texts(text: &[u8], format: TimestampFormat) -> Vec<(Vec<u8>, Option<UnixTime>, Option<Finding>)> {
    let finding = |found: &str, signed: &str| {
        Some(Finding::new(
            CauseCode::TimestampFormat,
            facts! { "found": found, "expected": format_name(format), "signed": signed },
        ))
    };
    let strict = format.parse(text);
    let (time, found) = match any_time(text) {
        Some((time, found)) => (Some(time), found),
        None => (None, encoding_of(text)),
    };
    let mut all = Vec::new();
    if let Some(strict) = strict {
        all.push((text.to_vec(), Some(strict), None));
    }
    if let Some(time) = time {
        let seconds = TimestampFormat::UnixSeconds.write(time);
        let millis = [&seconds, "000"].concat();
        let iso = TimestampFormat::Iso8601.write(time);
        let with = |end: &str| [iso.trim_end_matches('Z'), end].concat();
        let texts: Vec<(String, &str)> = match format {
            TimestampFormat::UnixSeconds => alloc::vec![(seconds, "seconds")],
            TimestampFormat::UnixMillis => {
                alloc::vec![(millis, "milliseconds"), (seconds, "seconds")]
            }
            TimestampFormat::Iso8601 => alloc::vec![
                (iso.clone(), "ISO 8601"),
                (with(".000Z"), "ISO 8601 with milliseconds"),
                (with("+00:00"), "ISO 8601 with an offset"),
            ],
        };
        for (other, name) in texts {
            if other.as_bytes() != text {
                all.push((other.into_bytes(), Some(time), finding(found, name)));
            }
        }
    }
    if strict.is_none() {
        all.push((text.to_vec(), time, finding(found, "as received")));
    } else if let Some((time, found)) = any_time(text).filter(|(time, _)| Some(*time) != strict) {
        // Reads in the scheme's own form too, but as a time that nobody means.
        all.push((text.to_vec(), Some(time), finding(found, "as received")));
    }
    all
}

/// What the id may have been.
fn ids(scheme: &Scheme, delivery: &Delivery<'_>) -> Vec<Text> {
    let Some(source) = &scheme.id else {
        return Vec::new();
    };
    let found = Values::of(delivery, &source.header);
    let mut distinct: Vec<&[u8]> = Vec::new();
    for value in &found.values {
        let unjoined = unjoin(value).map(|one| alloc::vec![one]);
        for text in unjoined.unwrap_or_else(|_| value.split(|b| *b == b',').map(<[u8]>::trim_ascii).collect()) {
            if !distinct.contains(&text) {
                distinct.push(text);
            }
        }
    }
    let conflict = |at: usize| {
        (distinct.len() > 1).then(|| {
            Finding::new(
                CauseCode::HeaderConflict,
                facts! { "header": source.header.as_ref(), "values": distinct.len(), "right": at + 1 },
            )
        })
    };
    let texts = distinct.iter().enumerate().map(|(at, text)| Text {
        text: text.to_vec(),
        time: None,
        findings: found.findings.iter().cloned().chain(conflict(at)).collect(),
    });
    texts.collect()
}
