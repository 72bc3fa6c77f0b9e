//! The known mistakes: code, sentence and fix of each, as a table.
//!
//! Rules: the codes are a contract (add, never rename); code, sentence and fix of a mistake stand together.

use core::fmt;
use core::str::FromStr;

use serde::Serialize;

use crate::report::frameworks::Area;

macro_rules! causes {
    ($($name:ident = $text:literal, $area:ident, $message:literal, $fix:literal;)*) => {
        /// A known mistake. Its code is the same in every language; codes are added, never renamed.
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

            pub(crate) const fn area(self) -> Area { match self { $(Self::$name => Area::$area),* } }
        }
    };
}

causes! {
    SecretEmpty = "secret_empty", Secret,
        "There is no secret here: it is empty, a placeholder, or what a program writes for a value that is not there.",
        "Set the secret that the provider shows where this program runs, and read it by the same name.";
    SecretWhitespace = "secret_whitespace", Secret,
        "The secret has white space or an invisible character in it that is not part of it.",
        "Trim the secret where it is read, or set it without the line break.";
    SecretQuoted = "secret_quoted", Secret,
        "The secret has quotes around it that are not part of it.",
        "Set the secret without quotes.";
    SecretPrefix = "secret_prefix", Secret,
        "The beginning of the secret is not the provider's: a prefix was cut off, added or repeated.",
        "Copy the whole secret from the provider's page, exactly as it is shown, and add or remove nothing.";
    SecretEncoding = "secret_encoding", Secret,
        "The secret is right, but a program has encoded or decoded it once too often or too seldom.",
        "Pass the secret as the provider shows it; for a scheme of your own, set the key format that the evidence names.";
    SecretWrongKind = "secret_wrong_kind", Secret,
        "This key is of another kind than the one that signs this provider's deliveries.",
        "Copy the signing secret of this very webhook from the provider's page.";
    SecretExpired = "secret_expired", Secret,
        "The delivery is signed with a secret that has expired here.",
        "Finish the rotation at the provider, or keep the old secret until it has signed its last delivery.";
    HeaderOtherSender = "header_other_sender", Headers,
        "The headers are those of another provider.",
        "Verify the delivery with the provider that the evidence names.";
    HeaderMissing = "header_missing", Headers,
        "A header that verifying needs is missing, or has another name here.",
        "Pass the request's headers under their own names, let proxies keep them, and give the webhook a secret at the provider: some sign only then.";
    HeaderPrefix = "header_prefix", Headers,
        "The text before the signature in its header is not the one that this provider writes.",
        "Pass the header exactly as it arrived, prefix included.";
    HeaderConflict = "header_conflict", Headers,
        "A header is there more than once, with different values.",
        "Remove the program that adds the second header: a proxy, a test tool or a copied request.";
    SignatureTruncated = "signature_truncated", Headers,
        "A part of the signature is missing: it is shorter than its algorithm makes it.",
        "Look for a length limit where headers are copied, stored or logged, and pass the whole value.";
    SignatureEncoding = "signature_encoding", Headers,
        "The signature is encoded in another way than this provider encodes it.",
        "Pass the header exactly as it arrived; for a scheme of your own, set the encoding that the evidence names.";
    SignatureAlgorithm = "signature_algorithm", Scheme,
        "The signature is right, but it was made with another algorithm than the scheme names.",
        "Set the algorithm that the evidence names, or read the header with the stronger signature.";
    TimestampFormat = "timestamp_format", Headers,
        "The timestamp is written in another form than this provider writes it.",
        "Pass the timestamp header exactly as it arrived; for a scheme of your own, set the format that the evidence names.";
    TimestampReplaced = "timestamp_replaced", Headers,
        "The timestamp is not the one that was signed: it belongs to another delivery, or a program has set it anew.",
        "Keep the headers and the body of one delivery together, and set no timestamp of your own.";
    BodyNewlineAdded = "body_newline_added", Raw,
        "A program has added a line break at the end of the body after the body was signed.",
        "Pass the raw bytes of the request; when a body is saved or replayed, keep tools from ending it with a line break.";
    BodyNewlineLost = "body_newline_lost", Raw,
        "The body ended in a line break when it was signed; now that line break is missing.",
        "Pass the raw bytes of the request, untrimmed.";
    BodyLineEndings = "body_line_endings", Raw,
        "A program has changed the line ends of the body after the body was signed.",
        "Pass the raw bytes of the request; open saved bodies in binary mode, and keep git and editors from converting them.";
    BodyBomAdded = "body_bom_added", Raw,
        "The body begins with a byte order mark that was not signed.",
        "Pass the raw bytes of the request; save bodies as UTF-8 without byte order mark.";
    BodyBomLost = "body_bom_lost", Raw,
        "The body began with a byte order mark when it was signed; now that mark is missing.",
        "Pass the raw bytes of the request: decoding them to text drops the mark.";
    BodyTrimmed = "body_trimmed", Raw,
        "A program has cut off white space at the beginning or the end of the body after the body was signed.",
        "Pass the raw bytes of the request, untrimmed.";
    BodyPadded = "body_padded", Raw,
        "A program has added white space at the beginning or the end of the body after the body was signed.",
        "Pass the raw bytes of the request, and nothing around them.";
    BodyReserialized = "body_reserialized", Raw,
        "A program has parsed the body and written it anew: the data is the same, but the bytes are not those that were signed.",
        "Read the raw bytes of the request before any program parses the body, and verify those bytes.";
    BodyUnicodeEscapes = "body_unicode_escapes", Raw,
        "Some characters of the body were escaped when it was signed and are not now, or the other way round.",
        "Read the raw bytes of the request before any program parses the body, and verify those bytes.";
    BodyCharset = "body_charset", Raw,
        "A program has decoded or encoded the body with another character set than its own.",
        "Read the raw bytes of the request, not its text.";
    BodyDoubleEncoded = "body_double_encoded", Raw,
        "The body is encoded once more: it is text inside of another text.",
        "Take the inner text, or better, read the raw bytes of the request.";
    BodyBase64 = "body_base64", Base64,
        "The body is the base64 or hex text of the bytes that were signed.",
        "Decode the body before verifying it.";
    BodyFormDecoded = "body_form_decoded", Raw,
        "A program has read the body as a form and passed on the decoded fields instead of the bytes.",
        "Read the raw bytes of the request before the form parser reads them.";
    BodyCompressed = "body_compressed", Compression,
        "The body is still compressed, and the signature covers what it was before.",
        "Decompress the body before verifying it.";
    BodyDecompressed = "body_decompressed", Compression,
        "The body was compressed when it arrived, and a program has decompressed it: the signature may cover the bytes that arrived.",
        "Turn automatic decompression off for this route, and verify the bytes that arrived.";
    BodyEmpty = "body_empty", Consumed,
        "The body is empty, or a placeholder stands for it: another program has read the body before it was verified.",
        "Read the raw body first, once, and pass those bytes on to the programs that need them.";
    BodyTruncated = "body_truncated", Limit,
        "The end of the body is missing.",
        "Look for a size limit between the provider and this program, and raise it to the size that the provider sends.";
    BodyLength = "body_length", Raw,
        "The body has another length than it had when it was sent, by its Content-Length: bytes were lost or added since.",
        "Pass the raw bytes of the request; where a request was saved or copied, save it anew, byte for byte.";
    SignedContent = "signed_content", Scheme,
        "The signature covers other content than the scheme describes.",
        "Describe the content as the evidence shows it, or sign the content that this provider signs.";
    ClockSkew = "clock_skew", Clock,
        "The delivery is authentic, but its time is further from this clock than is allowed.",
        "Set this machine's clock (NTP); if it is right, a late delivery was held up or sent again, and an early one was signed by a clock that is ahead.";
    BodyForm = "body_form", Payload,
        "The delivery is valid. Its body is a form with JSON in one of its fields, as the provider sends it by default.",
        "Nothing has to change: the JSON in that field is read. For a body of JSON, choose the content type application/json at the provider.";
    PayloadDiffers = "payload_differs", Payload,
        "The delivery is valid. Its body is not as the provider documents it: the evidence names the place.",
        "Read that place from the untyped JSON, or from the raw bytes: the typed payload does without it, or is payload_invalid where it cannot.";
}

impl CauseCode {
    /// Whether it says something about the body of a valid delivery, which is no mistake.
    pub(crate) const fn is_remark(self) -> bool {
        matches!(self.area(), Area::Payload)
    }

    /// The place in the order in which to undo mistakes: first those in our secret, then in the headers, then in the body.
    pub(crate) const fn turn(self) -> u8 {
        match self.area() {
            Area::Secret => 0,
            Area::Headers => 1,
            Area::Scheme => 3,
            Area::Clock => 4,
            _ => 2,
        }
    }
}

impl FromStr for CauseCode {
    type Err = UnknownCause;

    fn from_str(text: &str) -> Result<Self, UnknownCause> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownCause)
    }
}

/// No cause has this text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownCause;

impl fmt::Display for UnknownCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("No cause has this code: `CauseCode::ALL` lists those that are known.")
    }
}

impl core::error::Error for UnknownCause {}

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
