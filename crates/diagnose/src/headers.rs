//! What happens to headers on their way, undone: names, prefixes, encodings, joins, timestamps.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{SignatureBytes, crypto, push_number, unjoin};
use countersign_core::{Algorithm, Code, Delivery, Encoding, Scheme, TimestampFormat, UnixTime};

use crate::body;
use crate::facts::facts;
use crate::report::{CauseCode, Finding, by_rank, encoding_of};

/// How a received signature is compared with a computed one.
enum Compare {
    Whole,
    /// What is left of it, at least eight bytes.
    Beginning,
    End,
    /// Base64 text that lost its letter case.
    AnyCase,
}

/// One way to read a signature out of a header.
pub(crate) struct Form {
    pub(crate) algorithm: Algorithm,
    bytes: Vec<u8>,
    compare: Compare,
    pub(crate) findings: Vec<Finding>,
}

impl Form {
    pub(crate) fn matches(&self, mac: &SignatureBytes) -> bool {
        let mac = mac.as_slice();
        let cut = mac.len().saturating_sub(self.bytes.len());
        let part = match self.compare {
            Compare::Whole => mac,
            Compare::Beginning => mac.get(..self.bytes.len()).unwrap_or_default(),
            Compare::End => mac.get(cut..).unwrap_or_default(),
            Compare::AnyCase => {
                let text = crypto::to_base64(mac).to_ascii_lowercase();
                return crypto::same(text.trim_end_matches('=').as_bytes(), &self.bytes);
            }
        };
        // Thousands are compared: eight bytes at once rule out nearly all, and the time tells nothing about single ones.
        part.first_chunk::<8>() == self.bytes.first_chunk() && crypto::same(part, &self.bytes)
    }

    /// For Ed25519, which computes no signature to compare with.
    pub(crate) fn whole(&self) -> Option<SignatureBytes> {
        matches!(self.compare, Compare::Whole).then(|| SignatureBytes::from(self.bytes.as_slice()))
    }
}

/// The shortest part of a signature that proves the rest, in bytes.
const SHORTEST_PART: usize = 8;

/// So many readings are tried; comparing costs next to nothing, but a header can hold thousands.
const MOST_FORMS: usize = 128;

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

/// A header's name without what servers and proxies change: case, `_` for `-`, `HTTP_`, `X-`, `X-Original-`, ….
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

/// Every reading of the signature header, those without a mistake first. `strict` is what the policy says about it.
pub(crate) fn forms(scheme: &Scheme, signatures: &Values<'_>, strict: Option<Code>) -> Vec<Form> {
    let mut forms = Vec::new();
    let conflict = strict == Some(Code::HeaderConflict) || signatures.values.len() > 1;
    let in_list = scheme.timestamp.as_ref().is_some_and(|source| source.header.is_empty());
    for (at, value) in signatures.values.iter().enumerate() {
        for (text, finding) in spellings(scheme, value) {
            for (number, piece) in pieces(&text).into_iter().enumerate() {
                for algorithm in
                    [Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::HmacSha1Legacy, Algorithm::Ed25519]
                {
                    let before = forms.len();
                    readings(scheme, algorithm, &piece, &mut forms);
                    for form in forms.iter_mut().skip(before) {
                        form.findings.extend(finding.clone());
                        form.findings.extend(signatures.findings.iter().cloned());
                        let malformed = strict == Some(Code::HeaderMalformed) && algorithm == scheme.algorithm;
                        if malformed && !in_list && form.findings.is_empty() {
                            form.findings.push(prefix_finding(scheme, &scheme.signature.prefix, "other text"));
                        }
                        // A sign that was lost takes one value apart.
                        let lost_sign = finding.is_some() && signatures.values.len() == 1;
                        if conflict && !lost_sign {
                            let (count, right) = match signatures.values.len() {
                                1 => ("joined into one", number + 1),
                                _ => ("several headers", at + 1),
                            };
                            let evidence =
                                facts! { "header": scheme.signature.header.as_ref(), "values": count, "right": right };
                            form.findings.push(Finding::new(CauseCode::HeaderConflict, evidence));
                        }
                    }
                }
            }
        }
    }
    let rank = |form: &Form| form.findings.len() * 2 + usize::from(!matches!(form.compare, Compare::Whole));
    let mut forms = by_rank(forms.into_iter().map(|form| (rank(&form), form)).collect());
    forms.truncate(MOST_FORMS);
    forms
}

/// The header's value, and what it is when a program has quoted or escaped it.
fn spellings<'v>(scheme: &Scheme, value: &'v [u8]) -> Vec<(Cow<'v, [u8]>, Option<Finding>)> {
    let expected = encoding_name(scheme.signature.encoding);
    let finding =
        |found: &str| Some(Finding::new(CauseCode::SignatureEncoding, facts! { "found": found, "expected": expected }));
    let mut all = alloc::vec![(Cow::Borrowed(value), None)];
    let trimmed = value.trim_ascii();
    if let [first @ (b'"' | b'\'' | b'['), inner @ .., _] = trimmed
        && trimmed.len() > 2
    {
        let found = if *first == b'[' { "a list in brackets" } else { "quoted" };
        let inner: Vec<u8> = inner.iter().copied().filter(|b| !b"\"'".contains(b)).collect();
        all.push((Cow::Owned(inner), finding(found)));
    }
    if scheme.signature.encoding != Encoding::Base64 {
        let colons = value.iter().filter(|b| **b == b':').count() > SHORTEST_PART;
        let hex = value.windows(2).any(|pair| pair == b"0x" || pair == b"0X");
        let mut bare = Vec::with_capacity(value.len());
        for (at, byte) in value.iter().enumerate() {
            let mark = *byte == b'0' && value.get(at + 1).is_some_and(|next| matches!(next, b'x' | b'X'));
            if !(colons && *byte == b':' || hex && (mark || matches!(byte, b'x' | b'X'))) {
                bare.push(*byte);
            }
        }
        if colons || hex {
            all.push((Cow::Owned(bare), finding(if hex { "0x before it" } else { "colons between the bytes" })));
        }
    }
    if value.contains(&b'%')
        && let Some(decoded) = body::percent_decode(value, false)
    {
        all.push((Cow::Owned(decoded), finding("percent-encoded")));
    }
    if value.contains(&b' ') && scheme.signature.encoding != Encoding::Hex {
        let plus = value.iter().map(|b| if *b == b' ' { b'+' } else { *b }).collect();
        all.push((Cow::Owned(plus), finding("spaces where + was")));
    }
    all
}

pub(crate) fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
        Encoding::HexOrBase64 => "hex or base64",
        _ => "another encoding",
    }
}

/// A part of the header that may be a signature, and what stands before it.
pub(crate) struct SignaturePiece<'v> {
    pub(crate) prefix: String,
    pub(crate) text: &'v [u8],
}

/// Takes a header apart whatever its form: `v1=…`, `v1,…`, `t=…,v1=…`, lists of these.
pub(crate) fn pieces(value: &[u8]) -> Vec<SignaturePiece<'_>> {
    let mut found = Vec::new();
    for chunk in value.split(|b| b"; \t\r\n".contains(b)) {
        let mut before = String::new();
        for item in chunk.split(|b| *b == b',') {
            let mut text = item;
            let mut names = String::new();
            while let Some(at) = text.iter().position(|b| *b == b'=') {
                let (name, rest) = text.split_at_checked(at + 1).unwrap_or((text, &[]));
                let is_name = at > 0
                    && at <= LONGEST_NAME
                    && name.iter().take(at).all(|b| b.is_ascii_alphanumeric() || b"_-".contains(b));
                if !is_name || rest.iter().all(|b| *b == b'=') {
                    break;
                }
                names.push_str(&String::from_utf8_lossy(name));
                text = rest;
            }
            if text.len() >= SHORTEST_SIGNATURE {
                found.push(SignaturePiece { prefix: [before.as_str(), &names].concat(), text });
                before.clear();
            } else if names.is_empty() && !text.is_empty() && text.len() <= LONGEST_NAME {
                before.push_str(&String::from_utf8_lossy(text));
                before.push(',');
            } else {
                before.clear();
            }
        }
    }
    found
}

/// `sha256`, `signature`, ….
const LONGEST_NAME: usize = 10;
/// Eight bytes in base64 without padding.
const SHORTEST_SIGNATURE: usize = 11;

fn readings(scheme: &Scheme, algorithm: Algorithm, piece: &SignaturePiece<'_>, forms: &mut Vec<Form>) {
    let expected_prefix = scheme.prefix_of(algorithm).unwrap_or(&scheme.signature.prefix);
    let prefix_fits = piece.prefix == expected_prefix || (piece.prefix.is_empty() && scheme.signature.prefix_optional);
    let mut findings = Vec::new();
    if !prefix_fits {
        findings.push(prefix_finding(scheme, expected_prefix, &piece.prefix));
    }
    let length = algorithm.signature_len();
    let expected = encoding_name(scheme.signature.encoding);
    let mut push = |bytes: Vec<u8>, compare, more: Option<Finding>| {
        let mut findings = findings.clone();
        findings.extend(more);
        forms.push(Form { algorithm, bytes, compare, findings });
    };
    let other =
        |found: &str| Some(Finding::new(CauseCode::SignatureEncoding, facts! { "found": found, "expected": expected }));
    let text = piece.text;
    let plain = core::str::from_utf8(text).unwrap_or_default();
    let hex = crypto::hex(plain.get(..plain.len() & !1).unwrap_or_default()).map(|bytes| bytes.to_vec());
    if let Some(bytes) = hex {
        let is_hex = scheme.signature.encoding != Encoding::Base64;
        let found = if is_hex { None } else { other("hex") };
        match bytes.len() {
            len if len == length && plain.len() == length * 2 => push(bytes, Compare::Whole, found),
            len if len == length * 2 => {
                let (first, second) = bytes.split_at_checked(length).unwrap_or_default();
                let joined = || {
                    Some(Finding::new(
                        CauseCode::HeaderConflict,
                        facts! { "values": "joined without anything between" },
                    ))
                };
                push(first.into(), Compare::Whole, joined());
                push(second.into(), Compare::Whole, joined());
            }
            len => cut(bytes, len, length, found, &mut push),
        }
    }
    let standard: Option<Vec<u8>> = body::decode_base64(text);
    let url_safe = text.iter().any(|b| b"-_".contains(b));
    let is_base64 = scheme.signature.encoding != Encoding::Hex;
    let found = match (url_safe, is_base64) {
        (true, _) => other("URL-safe base64"),
        (false, false) => other("base64"),
        (false, true) => None,
    };
    if let Some(bytes) = standard {
        if bytes.len() == length {
            push(bytes, Compare::Whole, found.clone());
        } else if bytes.len() == length * 2
            && let Some(inner) = core::str::from_utf8(&bytes).ok().and_then(crypto::hex)
        {
            push(inner.to_vec(), Compare::Whole, other("base64 of hex"));
        } else if let Some(inner) = body::decode_base64(&bytes).filter(|inner| inner.len() == length) {
            push(inner, Compare::Whole, other("base64 of base64"));
        }
    }
    // Cut anywhere: whole groups of four characters are whole bytes.
    let bare = plain.trim_end_matches('=');
    if let Some(bytes) = bare.get(..bare.len() & !3).and_then(|text| body::decode_base64(text.as_bytes())) {
        let len = bytes.len();
        if len + 1 < length {
            cut(bytes, len, length, found, &mut push);
        }
    }
    let one_case = !bare.bytes().any(|b| b.is_ascii_lowercase()) || !bare.bytes().any(|b| b.is_ascii_uppercase());
    if one_case && bare.len() == (length * 4).div_ceil(3) {
        push(bare.to_ascii_lowercase().into_bytes(), Compare::AnyCase, other("base64 in one letter case"));
    }
}

fn cut(
    bytes: Vec<u8>,
    len: usize,
    length: usize,
    found: Option<Finding>,
    push: &mut impl FnMut(Vec<u8>, Compare, Option<Finding>),
) {
    // A signature in another encoding and cut as well is not told apart from a shorter one.
    if len < SHORTEST_PART || len >= length || found.is_some() {
        return;
    }
    let finding = |lost| {
        Finding::new(CauseCode::SignatureTruncated, facts! { "bytes": len, "expected_bytes": length, "lost": lost })
    };
    push(bytes.clone(), Compare::Beginning, Some(finding("the end")));
    push(bytes, Compare::End, Some(finding("the beginning")));
}

fn prefix_finding(scheme: &Scheme, expected: &str, found: &str) -> Finding {
    let shown = match found {
        "" => "nothing".into(),
        twice if !expected.is_empty() && twice == [expected, expected].concat() => [expected, " twice"].concat(),
        short if short.len() <= 24 => short.into(),
        _ => "other text".into(),
    };
    let expected = if expected.is_empty() { "nothing" } else { expected };
    Finding::new(
        CauseCode::HeaderPrefix,
        facts! { "header": scheme.signature.header.as_ref(), "found": shown, "expected": expected },
    )
}

/// A timestamp or id as it may have been signed.
#[derive(Clone)]
pub(crate) struct Text {
    pub(crate) text: Vec<u8>,
    pub(crate) time: Option<UnixTime>,
    pub(crate) findings: Vec<Finding>,
}

/// What the timestamp may have been, the most probable first. Empty where none is there.
pub(crate) fn timestamps(scheme: &Scheme, delivery: &Delivery<'_>, signatures: &Values<'_>) -> Vec<Text> {
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

pub(crate) const fn format_name(format: TimestampFormat) -> &'static str {
    match format {
        TimestampFormat::UnixSeconds => "seconds",
        TimestampFormat::UnixMillis => "milliseconds",
        TimestampFormat::Iso8601 => "ISO 8601",
    }
}

/// Whether it is a number in groups of three digits: `1,767,225,600`.
fn is_grouped(value: &[u8]) -> bool {
    let mut groups = value.split(|b| *b == b',');
    groups.next().is_some_and(|first| (1..4).contains(&first.len())) && groups.all(|group| group.len() == 3)
}

/// Reads a time in any form that programs write, and says which.
pub(crate) fn any_time(text: &[u8]) -> Option<(UnixTime, &'static str)> {
    if text.contains(&b',') && is_grouped(text) {
        let digits: Vec<u8> = text.iter().copied().filter(|b| *b != b',').collect();
        return any_time(&digits).map(|(time, _)| (time, "a number with commas"));
    }
    let bare = core::str::from_utf8(text).ok()?.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let around = bare.len() < text.len();
    let bare = bare.strip_prefix('+').unwrap_or(bare);
    let whole = bare.split(['.', ',']).next().unwrap_or_default();
    let fraction = bare.get(whole.len()..).unwrap_or_default();
    if !whole.is_empty() && whole.len() < 20 && whole.bytes().all(|b| b.is_ascii_digit()) {
        if fraction.bytes().skip(1).any(|b| !b.is_ascii_digit()) {
            return None;
        }
        let number: u64 = whole.parse().ok()?;
        let significant = whole.trim_start_matches('0').len();
        let (divisor, name) = match significant {
            ..=11 => (1, "seconds"),
            12..=14 => (1000, "milliseconds"),
            15..=17 => (1_000_000, "microseconds"),
            _ => (1_000_000_000, "nanoseconds"),
        };
        let name = match (divisor, fraction.is_empty(), around) {
            (1, false, _) => "seconds with a fraction",
            (1, true, true) => "seconds with spaces or quotes around",
            (1, true, false) if bare.len() != significant || bare.len() != text.len() => {
                "seconds with a sign or zeros before"
            }
            _ => name,
        };
        return Some((UnixTime::from_secs(number / divisor), name));
    }
    let iso = |text: &str| TimestampFormat::Iso8601.parse(text.as_bytes());
    if let Some(time) = iso(bare) {
        return Some((time, "ISO 8601"));
    }
    if let Some(time) = iso(&[bare, "Z"].concat()) {
        return Some((time, "ISO 8601 without a zone"));
    }
    http_date(bare.as_bytes()).map(|time| (time, "an HTTP date"))
}

/// `Thu, 01 Jan 2026 00:00:00 GMT`.
fn http_date(text: &[u8]) -> Option<UnixTime> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = core::str::from_utf8(text).ok()?.trim();
    let date = text.get(text.find(',')? + 2..)?;
    let mut words = date.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let two = |number: &str| [if number.len() < 2 { "0" } else { "" }, number].concat();
    let mut month_digits = String::new();
    push_number(&mut month_digits, month as u64, 2);
    TimestampFormat::Iso8601.parse([year, "-", &month_digits, "-", &two(day), "T", time, "Z"].concat().as_bytes())
}

/// What the id may have been.
pub(crate) fn ids(scheme: &Scheme, delivery: &Delivery<'_>) -> Vec<Text> {
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
