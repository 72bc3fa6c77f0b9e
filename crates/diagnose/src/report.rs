//! What a diagnosis says: plain data with stable codes, safe to log and to show.
//!
//! Rules: the codes are a contract (add, never rename); nothing here holds a secret or a signature that could be valid:
//! signatures appear as shape only, and text that came with the delivery passes [`Secrets::show`] first.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use countersign_core::internal::crypto;
use countersign_core::{Delivery, Scheme, Secret};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::facts::Facts;
use crate::fixes::{Area, Framework};

macro_rules! causes {
    ($($name:ident = $text:literal, $area:ident, $message:literal, $fix:literal;)*) => {
        /// A known mistake. The text form is the same in every language; codes are added, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum CauseCode { $(#[doc = $message] $name,)* }

        impl CauseCode {
            /// Every cause, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text, such as `body_newline_added`.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }

            /// What happened, as one sentence.
            #[must_use]
            pub const fn message(self) -> &'static str { match self { $(Self::$name => $message),* } }

            /// What to do about it where no framework is named, as one sentence.
            #[must_use]
            pub const fn fix(self) -> &'static str { match self { $(Self::$name => $fix),* } }

            const fn area(self) -> Area { match self { $(Self::$name => Area::$area),* } }
        }
    };
}

causes! {
    SecretEmpty = "secret_empty", Secret,
        "The secret is empty: the variable that should hold it is not set.",
        "Set the variable where this program runs, and read it by the same name.";
    SecretWhitespace = "secret_whitespace", Secret,
        "The secret has white space or an invisible character in it that the sender's secret does not have.",
        "Trim the secret where it is read, or set it without the line break.";
    SecretQuoted = "secret_quoted", Secret,
        "The secret has quotes around it that are not part of it.",
        "Set the secret without quotes.";
    SecretPrefix = "secret_prefix", Secret,
        "What stands before the secret is not what the sender uses: a prefix was cut off, added or repeated.",
        "Copy the whole secret from the sender's page, exactly as it is shown, and add or remove nothing.";
    SecretEncoding = "secret_encoding", Secret,
        "The secret is right, but it was encoded or decoded once too often or too seldom.",
        "Pass the secret as the sender shows it; for a scheme of your own, set the key's format to what the evidence says.";
    SecretWrongKind = "secret_wrong_kind", Secret,
        "This is another kind of key than the one that signs this sender's deliveries.",
        "Copy the signing secret of this very endpoint from the sender's page.";
    SecretExpired = "secret_expired", Secret,
        "The delivery is signed with a secret that has expired here.",
        "Finish the rotation at the sender, or keep the old secret until it has signed its last delivery.";
    HeaderOtherSender = "header_other_sender", Headers,
        "The headers are those of another sender.",
        "Verify with the sender that the evidence names.";
    HeaderMissing = "header_missing", Headers,
        "A header that this sender always sends is missing, or has another name here.",
        "Pass the request's headers under their own names, and let the proxy keep them.";
    HeaderPrefix = "header_prefix", Headers,
        "What stands before the signature in its header is not what this sender writes.",
        "Pass the header exactly as it arrived, prefix included.";
    HeaderConflict = "header_conflict", Headers,
        "A header is there more than once, with different values.",
        "Remove what adds the second header: a proxy, a test tool or a copied request.";
    SignatureTruncated = "signature_truncated", Headers,
        "The signature was cut: what is left of it is right.",
        "Look for a length limit where headers are copied, stored or logged, and pass the whole value.";
    SignatureEncoding = "signature_encoding", Headers,
        "The signature is right, but written in another way than this sender writes it.",
        "Pass the header exactly as it arrived; for a scheme of your own, set the encoding that the evidence names.";
    SignatureAlgorithm = "signature_algorithm", Scheme,
        "The signature is right, but made with another algorithm than the scheme says.",
        "Set the algorithm that the evidence names, or read the header with the stronger signature.";
    TimestampFormat = "timestamp_format", Headers,
        "The timestamp is written in another form than this sender writes.",
        "Pass the timestamp header exactly as it arrived; for a scheme of your own, set the format that the evidence names.";
    TimestampReplaced = "timestamp_replaced", Headers,
        "The timestamp is not the one that was signed: it belongs to another delivery, or was set anew.",
        "Keep the headers and the body of one delivery together, and set no timestamp of your own.";
    BodyNewlineAdded = "body_newline_added", Raw,
        "A line break at the end of the body was added after signing.",
        "Pass the raw bytes of the request; when a body is saved or replayed, keep tools from ending it with a line break.";
    BodyNewlineLost = "body_newline_lost", Raw,
        "The body ended in a line break when it was signed, and does not any more.",
        "Pass the raw bytes of the request, untrimmed.";
    BodyLineEndings = "body_line_endings", Raw,
        "The line ends of the body were changed after signing.",
        "Pass the raw bytes of the request; open saved bodies in binary mode, and keep git and editors from converting them.";
    BodyBomAdded = "body_bom_added", Raw,
        "The body begins with a byte order mark that was not signed.",
        "Pass the raw bytes of the request; save bodies as UTF-8 without byte order mark.";
    BodyBomLost = "body_bom_lost", Raw,
        "The body began with a byte order mark when it was signed, and does not any more.",
        "Pass the raw bytes of the request: decoding them to text drops the mark.";
    BodyTrimmed = "body_trimmed", Raw,
        "White space at the beginning or the end of the body was cut off after signing.",
        "Pass the raw bytes of the request, untrimmed.";
    BodyPadded = "body_padded", Raw,
        "White space at the beginning or the end of the body was added after signing.",
        "Pass the raw bytes of the request, and nothing around them.";
    BodyReserialized = "body_reserialized", Raw,
        "The body was parsed and written again: the same data, but other bytes than those that were signed.",
        "Read the raw bytes of the request before any parser, and verify those.";
    BodyUnicodeEscapes = "body_unicode_escapes", Raw,
        "Characters in the body that were signed in one spelling (escaped or not) are now in another.",
        "Read the raw bytes of the request before any parser, and verify those.";
    BodyCharset = "body_charset", Raw,
        "The body was decoded or encoded with another character set than its own.",
        "Read the raw bytes of the request, not text.";
    BodyDoubleEncoded = "body_double_encoded", Raw,
        "The body was encoded once more: it is text inside of other text.",
        "Take the inner text, or better, read the raw bytes of the request.";
    BodyBase64 = "body_base64", Base64,
        "The body is base64 or hex text of the bytes that were signed.",
        "Decode it before verifying.";
    BodyFormDecoded = "body_form_decoded", Raw,
        "The body was read as a form, and its decoded fields were passed instead of the bytes.",
        "Read the raw bytes of the request before the form parser.";
    BodyCompressed = "body_compressed", Compression,
        "The body is compressed, but was signed before compression.",
        "Decompress it before verifying.";
    BodyDecompressed = "body_decompressed", Compression,
        "The body was compressed on the wire and is not any more: these are not the bytes that arrived.",
        "Turn automatic decompression off for this route, and verify the bytes that arrived.";
    BodyEmpty = "body_empty", Consumed,
        "The body is empty, or a stand-in for one: something else has read it before.",
        "Read the raw body first, once, and pass it on from there.";
    BodyTruncated = "body_truncated", Limit,
        "The end of the body is missing.",
        "Look for a size limit before this point, and raise it to what the sender sends.";
    SignedContent = "signed_content", Scheme,
        "The signature covers other content than the scheme says.",
        "Describe the content as the evidence says, or sign it as this sender does.";
    ClockSkew = "clock_skew", Clock,
        "The delivery is authentic, but its time and this clock differ by more than is allowed.",
        "Set this machine's clock (NTP); if it is right, the delivery was held up, or is an old one sent again.";
}

impl CauseCode {
    /// When to undo it: first our secret, then the headers, then the body.
    pub(crate) const fn turn(self) -> u8 {
        match self.area() {
            Area::Secret => 0,
            Area::Headers => 1,
            Area::Scheme => 3,
            Area::Clock => 4,
            _ => 2,
        }
    }

    /// The cause with this text form.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for CauseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for CauseCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Why a delivery was refused: what each step of verification saw, and the causes as far as they can be proven.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// The sender's name, or `custom`.
    pub provider: &'static str,
    /// `valid`, the code that verifying gives, or `scheme_invalid`.
    pub code: &'static str,
    /// The result in one or two sentences.
    pub summary: String,
    /// The steps of verification, in their order.
    pub steps: Vec<Step>,
    /// The mistakes, in the order to undo them. Empty where the delivery is valid or the cause unknown.
    pub causes: Vec<Cause>,
    /// The mistakes that were looked for and are not it, in the forms that the table knows.
    pub ruled_out: Vec<CauseCode>,
    /// Whether everything in the table was tried. A body of many megabytes ends the search earlier.
    pub complete: bool,
    /// Bytes written and hashed, and what else takes as long: the bound on the work, for tests.
    #[doc(hidden)]
    #[serde(skip)]
    pub work: usize,
}

/// One step of verification.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// `secret`, `signature_header`, `timestamp`, `id`, `signed_content`, `signature` or `freshness`.
    pub name: &'static str,
    /// Whether it went well; `null` where it was not reached.
    pub ok: Option<bool>,
    /// What it saw.
    pub saw: Facts,
}

/// A mistake.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The stable code.
    pub code: CauseCode,
    /// What happened, as one sentence.
    pub message: &'static str,
    /// What to do about it, for the framework where one is named.
    pub fix: String,
    /// Whether undoing it (with the other causes of the list) makes the signature right. Otherwise it is certain from the
    /// form alone, and other mistakes may hide behind it.
    pub proven: bool,
    /// What shows it.
    pub evidence: Facts,
}

/// A mistake as it was found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) code: CauseCode,
    pub(crate) evidence: Facts,
}

impl Finding {
    pub(crate) const fn new(code: CauseCode, evidence: Facts) -> Self {
        Self { code, evidence }
    }

    pub(crate) fn cause(self, proven: bool, framework: Option<Framework>) -> Cause {
        let mut fix = String::from(self.code.fix());
        if let Some(more) = framework.and_then(|framework| framework.fix(self.code.area())) {
            fix.push(' ');
            fix.push_str(&more);
        }
        Cause { code: self.code, message: self.code.message(), fix, proven, evidence: self.evidence }
    }
}

/// Things in the order of their ranks, which are few; things of the same rank keep their order. One short loop, where
/// each of the standard library's sorts weighs three kilobytes in WebAssembly.
pub(crate) fn by_rank<T>(ranked: Vec<(usize, T)>) -> Vec<T> {
    let most = ranked.iter().map(|(rank, _)| *rank).max().unwrap_or_default();
    let mut ordered = Vec::with_capacity(ranked.len());
    let mut left: Vec<Option<(usize, T)>> = ranked.into_iter().map(Some).collect();
    for wanted in 0..=most {
        for slot in &mut left {
            if let Some((_, thing)) = slot.take_if(|(rank, _)| *rank == wanted) {
                ordered.push(thing);
            }
        }
    }
    ordered
}

/// These findings and one more.
#[inline(never)]
pub(crate) fn with(findings: &[Finding], more: Finding) -> Vec<Finding> {
    let mut all = findings.to_vec();
    all.push(more);
    all
}

/// Puts findings before those that are there.
#[inline(never)]
pub(crate) fn put_before(findings: &mut Vec<Finding>, before: &[Finding]) {
    let mut all = before.to_vec();
    all.append(findings);
    *findings = all;
}

/// The order in which to undo them.
pub(crate) fn in_turn(findings: Vec<Finding>) -> Vec<Finding> {
    by_rank(findings.into_iter().map(|finding| (usize::from(finding.code.turn()), finding)).collect())
}

/// The texts that must never be shown: secrets, what they decode to, and the signatures that were received.
pub(crate) struct Secrets(Vec<Zeroizing<Vec<u8>>>);

impl Secrets {
    pub(crate) fn new(schemes: &[Scheme], secrets: &[Secret], delivery: &Delivery<'_>) -> Self {
        let mut needles: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        let mut add = |bytes: &[u8]| {
            if !bytes.is_empty() {
                needles.push(Zeroizing::new(bytes.into()));
            }
        };
        for text in secrets.iter().filter_map(Secret::text) {
            let text = text.trim();
            let inner = text.trim_matches(|c: char| c == '"' || c == '\'' || c == '`' || c.is_whitespace());
            for text in [text, inner] {
                add(text.as_bytes());
                let encoded = text.rsplit('_').next().unwrap_or_default();
                if encoded.len() >= SHORTEST_PART {
                    add(encoded.as_bytes());
                }
                for decoded in [crypto::base64(encoded), crypto::hex(encoded)].into_iter().flatten() {
                    if decoded.len() >= SHORTEST_PART {
                        add(&decoded);
                        add(crypto::to_base64(&decoded).as_bytes());
                        add(crypto::to_hex(&decoded).as_bytes());
                    }
                }
            }
        }
        for value in schemes.iter().flat_map(|scheme| delivery.values(&scheme.signature.header)) {
            for item in value.split(|byte| b",; \t\"'".contains(byte)) {
                let text = match item.iter().position(|byte| *byte == b'=') {
                    Some(at) if at < 10 => item.get(at + 1..).unwrap_or_default(),
                    _ => item,
                };
                // A time is none.
                let is_time = text.len() < 20 && text.iter().all(u8::is_ascii_digit);
                if text.len() >= SHORTEST_PART && !is_time {
                    add(text);
                    add(text.trim_ascii_end().strip_suffix(b"=").unwrap_or(text));
                    add(&text.to_ascii_lowercase());
                }
            }
        }
        Self(needles)
    }

    pub(crate) fn longest(&self) -> usize {
        self.0.iter().map(|needle| needle.len()).max().unwrap_or_default()
    }

    pub(crate) fn are_in(&self, bytes: &[u8]) -> bool {
        self.0.iter().any(|needle| bytes.windows(needle.len()).any(|window| window == needle.as_slice()))
    }

    /// Text that came with the delivery, if it may be shown.
    pub(crate) fn show(&self, bytes: &[u8]) -> String {
        if self.are_in(bytes) {
            return HIDDEN.into();
        }
        let text = String::from_utf8_lossy(bytes);
        match text.char_indices().nth(LONGEST_SHOWN) {
            None => text.into_owned(),
            Some((at, _)) => [text.get(..at).unwrap_or_default(), "…"].concat(),
        }
    }
}

/// Instead of text that holds a secret or a signature.
pub(crate) const HIDDEN: &str = "(not shown: it holds a secret or a signature)";

/// The longest text shown in one piece, in characters.
pub(crate) const LONGEST_SHOWN: usize = 120;

/// Parts of secrets and signatures from this length on are hidden.
const SHORTEST_PART: usize = 8;

/// What a signature or another value looks like, without the value.
pub(crate) fn encoding_of(text: &[u8]) -> &'static str {
    let only = |extra: &[u8]| text.iter().all(|b| b.is_ascii_alphanumeric() || extra.contains(b));
    if text.is_empty() {
        "empty"
    } else if text.iter().all(u8::is_ascii_digit) {
        "digits"
    } else if text.iter().all(u8::is_ascii_hexdigit) {
        match text.iter().any(u8::is_ascii_uppercase) {
            true => "hex, upper case",
            false => "hex",
        }
    } else if only(b"+/=") {
        "base64"
    } else if only(b"-_=") {
        "base64url"
    } else if only(b"%+/=-_.") {
        "percent-encoded"
    } else {
        "other text"
    }
}
