//! A signing scheme as data: which headers, what is signed, how it is encoded, what the key looks like, how fresh.
//!
//! The presets and a provider of your own are made by the same builder, or read from the same JSON.

use alloc::borrow::Cow;
use core::time::Duration;

use crate::crypto::Algorithm;
use crate::error::{Contradiction, SchemeError};
use crate::time::TimestampFormat;

type Text = Cow<'static, str>;

/// How a provider signs, as data: made by the builder below, or read from JSON.
///
/// ```
/// use countersign::Scheme;
/// let built = Scheme::hmac_sha256("X-Acme-Signature")
///     .prefix("v0=")
///     .timestamp("X-Acme-Timestamp")
///     .signed("v0:{timestamp}:{body}");
/// let read: Scheme = serde_json::from_str(r#"{
///     "signature": { "header": "X-Acme-Signature", "prefix": "v0=", "encoding": "hex" },
///     "timestamp": { "header": "X-Acme-Timestamp" },
///     "signed": "v0:{timestamp}:{body}",
///     "key": "utf8"
/// }"#)?;
/// assert_eq!(built, read);
/// let webhook = built.webhook("a secret of yours")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Scheme {
    /// The header with the signature.
    pub signature: SignatureHeader,
    /// Where the time is, if the provider writes one.
    #[serde(default)]
    pub timestamp: Option<TimestampSource>,
    /// Where the delivery's id is, if the provider writes one.
    #[serde(default)]
    pub id: Option<IdHeader>,
    /// What is signed, with `{timestamp}`, `{id}` and `{body}` as placeholders.
    pub signed: Text,
    /// What is signed instead where the body is empty.
    #[serde(default)]
    pub signed_if_empty: Option<Text>,
    /// The text form of the key.
    #[serde(default)]
    pub key: KeyFormat,
    /// The algorithm.
    #[serde(default = "hmac_sha256")]
    pub algorithm: Algorithm,
    /// How old and how far ahead a timestamp may be.
    #[serde(default)]
    pub tolerance: Tolerance,
    /// Where the signed body says what happened; used by schemes of your own only.
    #[serde(default)]
    pub event: EventPaths,
}

const fn hmac_sha256() -> Algorithm {
    Algorithm::HmacSha256
}

/// The form of the header that carries the signature.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignatureHeader {
    /// Its name.
    pub header: Text,
    /// What stands before each signature, such as `sha256=` or `v1,`.
    #[serde(default)]
    pub prefix: Text,
    /// Whether a signature without the prefix counts too.
    #[serde(default)]
    pub prefix_optional: bool,
    /// What stands before an Ed25519 signature, where the provider can sign with either kind of key.
    #[serde(default)]
    pub ed25519_prefix: Option<Text>,
    /// The characters between the items of a list; empty where the header holds one signature.
    #[serde(default)]
    pub separator: Text,
    /// How the bytes are written.
    pub encoding: Encoding,
}

/// How signature bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[non_exhaustive]
pub enum Encoding {
    /// Hexadecimal, in either case.
    #[serde(rename = "hex")]
    Hex,
    /// Standard base64, padded or not.
    #[serde(rename = "base64")]
    Base64,
    /// Either; the length tells them apart. Signing writes hex.
    #[serde(rename = "hex-or-base64")]
    HexOrBase64,
}

/// Where the time is: in a header of its own, or a `name=value` item of the signature header.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TimestampSource {
    /// The header's name.
    #[serde(default)]
    pub header: Text,
    /// The item's name in the signature header, such as Stripe's `t`.
    #[serde(default)]
    pub field: Text,
    /// How the time is written.
    #[serde(default = "unix_seconds")]
    pub format: TimestampFormat,
}

const fn unix_seconds() -> TimestampFormat {
    TimestampFormat::UnixSeconds
}

/// The header with the delivery's id.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct IdHeader {
    /// Its name.
    pub header: Text,
}

/// The text form of a key. It belongs to the scheme and is never guessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[non_exhaustive]
pub enum KeyFormat {
    /// The whole text as UTF-8 bytes, prefix included.
    #[default]
    #[serde(rename = "utf8")]
    Utf8,
    /// Base64 of the key bytes.
    #[serde(rename = "base64")]
    Base64,
    /// Hex of the key bytes.
    #[serde(rename = "hex")]
    Hex,
    /// `whsec_` and base64 (the prefix may be missing); where the scheme allows it, `whpk_`/`whsk_` for Ed25519.
    #[serde(rename = "whsec")]
    Whsec,
    /// An Ed25519 key: hex, base64, `whpk_`/`whsk_`, or a public key in PEM.
    #[serde(rename = "ed25519")]
    Ed25519,
}

/// How old and how far ahead a timestamp may be, both ends included. `None` switches a side off. In JSON these are seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tolerance {
    /// How old.
    #[serde(default = "five_minutes", with = "seconds")]
    pub past: Option<Duration>,
    /// How far ahead.
    #[serde(default = "five_minutes", with = "seconds")]
    pub future: Option<Duration>,
}

const fn five_minutes() -> Option<Duration> {
    Some(Duration::from_secs(300))
}

impl Tolerance {
    /// Five minutes each way.
    pub const DEFAULT: Self = Self { past: five_minutes(), future: five_minutes() };

    /// So long each way.
    #[must_use]
    pub const fn new(past: Option<Duration>, future: Option<Duration>) -> Self {
        Self { past, future }
    }

    /// So many seconds each way.
    #[must_use]
    pub const fn from_secs(past: u64, future: u64) -> Self {
        Self { past: Some(Duration::from_secs(past)), future: Some(Duration::from_secs(future)) }
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Lengths of time as JSON has them: whole seconds, or null.
mod seconds {
    use core::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(length: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        length.map(|length| length.as_secs()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_secs))
    }
}

/// Dotted paths into the JSON body of a scheme of your own.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EventPaths {
    /// Where the event's name is.
    #[serde(default, rename = "type")]
    pub event_type: Option<Text>,
    /// Where the event's id is.
    #[serde(default)]
    pub id: Option<Text>,
}

impl Scheme {
    /// HMAC-SHA256 in hex over the body, in this header, with a key that is used as text. The methods below change what
    /// differs from that.
    pub fn hmac_sha256(header: impl Into<Text>) -> Self {
        Self {
            signature: SignatureHeader {
                header: header.into(),
                prefix: Text::Borrowed(""),
                prefix_optional: false,
                ed25519_prefix: None,
                separator: Text::Borrowed(""),
                encoding: Encoding::Hex,
            },
            timestamp: None,
            id: None,
            signed: Text::Borrowed("{body}"),
            signed_if_empty: None,
            key: KeyFormat::Utf8,
            algorithm: Algorithm::HmacSha256,
            tolerance: Tolerance::DEFAULT,
            event: EventPaths { event_type: None, id: None },
        }
    }

    /// The same with HMAC-SHA512.
    pub fn hmac_sha512(header: impl Into<Text>) -> Self {
        Self { algorithm: Algorithm::HmacSha512, ..Self::hmac_sha256(header) }
    }

    /// The same with HMAC-SHA1, for providers that offer nothing better.
    pub fn hmac_sha1_legacy(header: impl Into<Text>) -> Self {
        Self { algorithm: Algorithm::HmacSha1Legacy, ..Self::hmac_sha256(header) }
    }

    /// The same with Ed25519 and a key of its own format.
    pub fn ed25519(header: impl Into<Text>) -> Self {
        Self { algorithm: Algorithm::Ed25519, key: KeyFormat::Ed25519, ..Self::hmac_sha256(header) }
    }

    /// What stands before each signature, such as `sha256=` or `v1,`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Text>) -> Self {
        self.signature.prefix = prefix.into();
        self
    }

    /// Accepts signatures without the prefix, too.
    #[must_use]
    pub const fn prefix_optional(mut self) -> Self {
        self.signature.prefix_optional = true;
        self
    }

    /// What stands before an Ed25519 signature, where the provider can sign with either kind of key.
    #[must_use]
    pub fn ed25519_prefix(mut self, prefix: impl Into<Text>) -> Self {
        self.signature.ed25519_prefix = Some(prefix.into());
        self
    }

    /// The characters between the signatures of a list.
    #[must_use]
    pub fn separator(mut self, separator: impl Into<Text>) -> Self {
        self.signature.separator = separator.into();
        self
    }

    /// How signatures are written.
    #[must_use]
    pub const fn encoding(mut self, encoding: Encoding) -> Self {
        self.signature.encoding = encoding;
        self
    }

    /// The header with the time, in Unix seconds.
    #[must_use]
    pub fn timestamp(mut self, header: impl Into<Text>) -> Self {
        let format = TimestampFormat::UnixSeconds;
        self.timestamp = Some(TimestampSource { header: header.into(), field: Text::Borrowed(""), format });
        self
    }

    /// The item of the signature header with the time, in Unix seconds, such as Stripe's `t`.
    #[must_use]
    pub fn timestamp_field(mut self, field: impl Into<Text>) -> Self {
        let format = TimestampFormat::UnixSeconds;
        self.timestamp = Some(TimestampSource { header: Text::Borrowed(""), field: field.into(), format });
        self
    }

    /// How the time is written, after [`timestamp`](Self::timestamp) or [`timestamp_field`](Self::timestamp_field).
    #[must_use]
    pub fn timestamp_format(mut self, format: TimestampFormat) -> Self {
        if let Some(source) = &mut self.timestamp {
            source.format = format;
        }
        self
    }

    /// The header with the delivery's id.
    #[must_use]
    pub fn id(mut self, header: impl Into<Text>) -> Self {
        self.id = Some(IdHeader { header: header.into() });
        self
    }

    /// What is signed, with `{timestamp}`, `{id}` and `{body}` as placeholders.
    #[must_use]
    pub fn signed(mut self, template: impl Into<Text>) -> Self {
        self.signed = template.into();
        self
    }

    /// What is signed instead where the body is empty.
    #[must_use]
    pub fn signed_if_empty(mut self, template: impl Into<Text>) -> Self {
        self.signed_if_empty = Some(template.into());
        self
    }

    /// The text form of the key.
    #[must_use]
    pub const fn key(mut self, format: KeyFormat) -> Self {
        self.key = format;
        self
    }

    /// How old and how far ahead a timestamp may be.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The path to the event's name in a JSON body, such as `event.type`.
    #[must_use]
    pub fn event_type(mut self, path: impl Into<Text>) -> Self {
        self.event.event_type = Some(path.into());
        self
    }

    /// The path to the event's id in a JSON body.
    #[must_use]
    pub fn event_id(mut self, path: impl Into<Text>) -> Self {
        self.event.id = Some(path.into());
        self
    }
}

/// A piece of the signed content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// This text.
    Literal(&'a str),
    /// The timestamp, as its header has it.
    Timestamp,
    /// The id, as its header has it.
    Id,
    /// The raw body.
    Body,
}

/// The most pieces a template may have; real providers use at most five.
pub const MAX_PIECES: usize = 8;

/// The pieces of a template, in order. Unknown placeholders stay literal text here; [`Scheme::check`] refuses them.
#[must_use]
pub const fn pieces(template: &str) -> Pieces<'_> {
    Pieces(template)
}

/// What is left of a template.
#[derive(Debug)]
pub struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    // Used in many places, never where speed counts.
    #[inline(never)]
    fn next(&mut self) -> Option<Piece<'a>> {
        for (text, piece) in [("{timestamp}", Piece::Timestamp), ("{id}", Piece::Id), ("{body}", Piece::Body)] {
            if let Some(rest) = self.0.strip_prefix(text) {
                self.0 = rest;
                return Some(piece);
            }
        }
        let mut ends = self.0.bytes().enumerate().skip(1).filter(|(_, byte)| *byte == b'{');
        let end = ends.next().map_or(self.0.len(), |(at, _)| at);
        let (literal, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!literal.is_empty()).then_some(Piece::Literal(literal))
    }
}

/// How often a template has this placeholder.
#[must_use]
#[inline(never)]
pub fn uses(template: &str, piece: Piece<'_>) -> usize {
    pieces(template).filter(|other| *other == piece).count()
}

impl Scheme {
    /// Whether the signature covers the timestamp.
    #[must_use]
    pub fn signs_timestamp(&self) -> bool {
        uses(&self.signed, Piece::Timestamp) > 0
    }

    /// Whether the signature covers the id.
    #[must_use]
    pub fn signs_id(&self) -> bool {
        uses(&self.signed, Piece::Id) > 0
    }

    /// What stands before a signature of this algorithm; `None` if the scheme cannot carry one.
    #[doc(hidden)]
    #[must_use]
    pub fn prefix_of(&self, algorithm: Algorithm) -> Option<&str> {
        if algorithm == self.algorithm {
            Some(&self.signature.prefix)
        } else if algorithm == Algorithm::Ed25519 {
            self.signature.ed25519_prefix.as_deref()
        } else {
            None
        }
    }

    /// Whether the scheme says one thing only. Presets always do.
    ///
    /// # Errors
    /// The sentence names the first contradiction.
    pub fn check(&self) -> Result<(), SchemeError> {
        self.contradiction().map_or(Ok(()), |found| Err(SchemeError(found)))
    }

    #[inline(never)]
    fn contradiction(&self) -> Option<Contradiction> {
        if !is_header_name(&self.signature.header) {
            return Some(Contradiction::SignatureHeader);
        }
        if self.id.as_ref().is_some_and(|id| !is_header_name(&id.header)) {
            return Some(Contradiction::IdHeader);
        }
        if let Some(time) = &self.timestamp {
            if time.header.is_empty() == time.field.is_empty() {
                return Some(Contradiction::TimestampSource);
            }
            if !time.header.is_empty() && !is_header_name(&time.header) {
                return Some(Contradiction::TimestampHeader);
            }
            if !time.field.is_empty() && self.signature.separator.is_empty() {
                return Some(Contradiction::FieldWithoutList);
            }
        }
        if !self.signature.separator.bytes().all(|b| matches!(b, b',' | b' ' | b';')) {
            return Some(Contradiction::Separator);
        }
        for template in [Some(&self.signed), self.signed_if_empty.as_ref()].into_iter().flatten() {
            let mut count = 0;
            let mut unknown = false;
            for piece in pieces(template) {
                count += 1;
                unknown |= matches!(piece, Piece::Literal(text) if text.bytes().any(|b| matches!(b, b'{' | b'}')));
            }
            if count > MAX_PIECES {
                return Some(Contradiction::TooManyPieces);
            }
            if unknown {
                return Some(Contradiction::UnknownPlaceholder);
            }
            if self.timestamp.is_none() && uses(template, Piece::Timestamp) > 0 {
                return Some(Contradiction::NoTimestamp);
            }
            if self.id.is_none() && uses(template, Piece::Id) > 0 {
                return Some(Contradiction::NoId);
            }
        }
        if uses(&self.signed, Piece::Body) != 1 {
            return Some(Contradiction::BodyNotOnce);
        }
        if let Some(template) = &self.signed_if_empty {
            let same = |piece| uses(template, piece) == uses(&self.signed, piece);
            if !same(Piece::Timestamp) || !same(Piece::Id) {
                return Some(Contradiction::EmptyDiffers);
            }
        }
        if self.id_runs_on() {
            return Some(Contradiction::IdAdjacent);
        }
        let asymmetric_key = self.key == KeyFormat::Ed25519;
        (asymmetric_key != (self.algorithm == Algorithm::Ed25519)).then_some(Contradiction::Ed25519Alone)
    }
}

impl Scheme {
    /// Whether an id could lend a part to its neighbour. ISO 8601 begins with a year of four digits, so it cannot.
    fn id_runs_on(&self) -> bool {
        let iso = self.timestamp.as_ref().is_some_and(|time| time.format == TimestampFormat::Iso8601);
        let mut previous = None;
        pieces(&self.signed).any(|piece| {
            let neighbours = (previous.replace(piece), piece);
            match neighbours {
                (Some(Piece::Id), Piece::Timestamp) => !iso,
                (Some(Piece::Id), Piece::Body | Piece::Id) | (Some(Piece::Body), Piece::Id) => true,
                _ => false,
            }
        })
    }
}

/// Whether a text is a header name (RFC 9110, 5.1).
#[must_use]
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        })
}
