//! What the headers say about the delivery's time and id.

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

/// What the headers say about time and id; empty lists where they say nothing.
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
    let in_list = source.header.is_empty();
    let (texts, base) = match in_list {
        true => (fields(source.field.as_bytes(), signatures), Vec::new()),
        false => {
            let found = Values::of(delivery, &source.header);
            (found.values.iter().flat_map(|value| unjoined_times(value)).collect(), found.findings)
        }
    };
    let mut distinct: Vec<Vec<u8>> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    let header = if in_list { scheme.signature.header.as_ref() } else { source.header.as_ref() };
    let mut all = Vec::new();
    for (at, text) in distinct.iter().enumerate() {
        let mut findings = base.clone();
        findings.extend(conflict(header, distinct.len(), at));
        for (text, time, finding) in time_texts(text, source.format) {
            let mut findings = findings.clone();
            findings.extend(finding);
            all.push(Text { text, time, findings });
        }
    }
    by_rank(all.into_iter().map(|text: Text| (text.findings.len(), text)).collect())
}

/// The values of a field in the signature header, such as those of `t`.
fn fields(name: &[u8], signatures: &Values<'_>) -> Vec<Vec<u8>> {
    let items = signatures.values.iter().flat_map(|value| value.split(|b| b",; \"'".contains(b)));
    let texts = items.filter_map(|item| {
        let (own, rest) = item.split_at_checked(name.len())?;
        own.eq_ignore_ascii_case(name).then_some(())?;
        rest.strip_prefix(b"=").map(Vec::from)
    });
    texts.collect()
}

/// Times that a proxy has joined into one value; but a date and a number in groups have commas of their own.
fn unjoined_times(value: &[u8]) -> Vec<Vec<u8>> {
    if http_date(value).is_some() || is_grouped(value) {
        return alloc::vec![Vec::from(value)];
    }
    value.split(|b| *b == b',').map(|part| Vec::from(part.trim_ascii())).collect()
}

/// The mistake that a header is there with several values, of which the one at this position is right.
fn conflict(header: &str, values: usize, at: usize) -> Option<Finding> {
    let evidence = || facts! { "header": header, "values": values, "right": at + 1 };
    (values > 1).then(|| Finding::new(CauseCode::HeaderConflict, evidence()))
}

/// A timestamp as it was received, and in the form that the provider writes.
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
            _ => Vec::new(),
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
        // The text has the right form, but reads as another time than the one that it means: milliseconds for seconds.
        all.push((text.to_vec(), Some(time), finding(found, "as received")));
    }
    all
}

/// What the id may have been. Empty where none is there.
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
    let texts = distinct.iter().enumerate().map(|(at, text)| Text {
        text: text.to_vec(),
        time: None,
        findings: found.findings.iter().cloned().chain(conflict(&source.header, distinct.len(), at)).collect(),
    });
    texts.collect()
}
