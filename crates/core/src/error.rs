//! Refusals as values: a stable code, an HTTP status, one plain sentence, and what to do about it.
//!
//! Rules: the codes are a contract (add, never rename); no error ever holds a secret, a body or a signature;
//! sentences are put together from static text and header names only.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use crate::time::UnixTime;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $sentence:literal, $fix:literal;)*) => {
        /// Why a delivery, or our own set-up, was refused. The text form is the same in every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text, such as `signature_mismatch`.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }

            /// The HTTP status a receiver answers with.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status),* } }

            /// What happened, as one sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str { match self { $(Self::$name => $sentence),* } }

            /// What to do about it, as one sentence.
            #[must_use]
            pub const fn fix(self) -> &'static str { match self { $(Self::$name => $fix),* } }
        }
    };
}

codes! {
    /// A header that the scheme needs is missing.
    HeaderMissing = "header_missing", 400,
        "A header that this provider always sends is missing.",
        "Check that the request comes from this provider and that no proxy removes its headers.";
    /// A header does not have the form that the scheme says.
    HeaderMalformed = "header_malformed", 400,
        "A header does not have the form that this provider writes.",
        "Pass the header exactly as it arrived, and check that the right provider and the right kind of key are configured.";
    /// A header is repeated with different values.
    HeaderConflict = "header_conflict", 400,
        "A header is repeated with different values.",
        "Look for a proxy or a test tool that adds a second signature, timestamp or id header.";
    /// No signature in the header belongs to this body and these keys.
    SignatureMismatch = "signature_mismatch", 401,
        "No signature in the header matches this body with the configured keys.",
        "Verify the raw bytes of the request, before any parser touches them, with the secret that the provider shows for this very URL.";
    /// Authentic, but the timestamp is older than the tolerance allows.
    TimestampTooOld = "timestamp_too_old", 401,
        "The delivery is authentic but its timestamp is too old.",
        "Check this machine's clock, and whether the delivery is a replay or was held up in a queue.";
    /// Authentic, but the timestamp is further in the future than the tolerance allows.
    TimestampTooNew = "timestamp_too_new", 401,
        "The delivery is authentic but its timestamp lies too far in the future.",
        "Check this machine's clock.";
    /// The caller passed a parsed body.
    BodyNotRaw = "body_not_raw", 500,
        "The body is not the raw bytes of the request: something parsed it first.",
        "Read the raw body (for example express.raw() or request.arrayBuffer()) before any JSON parser runs.";
    /// Only in JavaScript: a getter or a proxy among the values that the caller passed threw an error.
    InputUnreadable = "input_unreadable", 500,
        "A value that was passed in threw an error when it was read.",
        "Look at the error's cause, which is what a getter or a proxy threw, and pass plain values.";
    /// The connection broke while the body was arriving.
    BodyIncomplete = "body_incomplete", 400,
        "The body broke off before its end.",
        "Your side did nothing wrong: the provider, or something between you, closed the connection, and the provider will try again.";
    /// The body is larger than the configured limit.
    BodyTooLarge = "body_too_large", 413,
        "The body is larger than the configured limit.",
        "Raise the limit (in JavaScript maxBytes) if this provider really sends bodies of this size.";
    /// The request is not a POST, as deliveries are.
    MethodNotAllowed = "method_not_allowed", 405,
        "The request is not a POST.",
        "Nothing, if a person opened the URL: providers deliver with POST. Else look for a redirect, which turns a POST into a GET.";
    /// Authentic, but the body is not JSON of the type that was asked for.
    PayloadInvalid = "payload_invalid", 422,
        "The delivery is authentic but its body is not JSON of the expected form.",
        "Read the untyped JSON instead of the typed payload, or the raw bytes where the body is no JSON.";
    /// An earlier attempt was handled; answer success without handling it again.
    Duplicate = "duplicate", 200,
        "This delivery has been handled already.",
        "Answer 200 so that the provider stops sending it.";
    /// Another handler is at it.
    InProgress = "in_progress", 409,
        "This delivery is being handled at this moment.",
        "Answer 409 with Retry-After so that the provider tries again.";
    /// There is no secret, or nothing in it.
    SecretEmpty = "secret_empty", 500,
        "The secret is empty.",
        "Check that the environment variable with the secret is set where this program runs.";
    /// The secret is not in the form that the scheme decodes.
    SecretNotDecodable = "secret_not_decodable", 500,
        "The secret cannot be read: it is not the text that the provider shows.",
        "Copy the secret again, without quotes, spaces or line breaks around it.";
    /// The secret is another kind of key.
    SecretWrongKind = "secret_wrong_kind", 500,
        "This is another kind of key, not the signing secret of a webhook.",
        "Copy the signing secret from the page where the provider shows this webhook.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// In the year 5138. What is later was given in milliseconds.
const LATEST_NOW: UnixTime = UnixTime::from_secs(100_000_000_000);

/// Why a delivery was refused: something is wrong on the provider's side or between us, or an attacker sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    pub(crate) code: Code,
    pub(crate) provider: Cow<'static, str>,
    pub(crate) header: Option<String>,
    pub(crate) signed_at: Option<UnixTime>,
    pub(crate) now: Option<UnixTime>,
}

impl VerifyError {
    pub(crate) const fn new(code: Code) -> Self {
        Self { code, provider: Cow::Borrowed(""), header: None, signed_at: None, now: None }
    }

    // Refusing is rare: one copy of this code, not one for each way to refuse.
    #[cold]
    #[inline(never)]
    pub(crate) fn header(code: Code, name: &str) -> Self {
        Self { header: Some(name.into()), ..Self::new(code) }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.code.status()
    }

    /// The provider that the webhook was made for; of a scheme of your own its name, or `custom`.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The header that the refusal is about.
    #[must_use]
    pub fn header_name(&self) -> Option<&str> {
        self.header.as_deref()
    }

    /// When the delivery says it was signed, for the two freshness codes.
    #[must_use]
    pub const fn signed_at(&self) -> Option<UnixTime> {
        self.signed_at
    }

    /// The `now` that freshness was judged by.
    #[must_use]
    pub const fn now(&self) -> Option<UnixTime> {
        self.now
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.sentence())?;
        if let Some(header) = &self.header {
            write!(f, " Header: {header}.")?;
        }
        if let (Some(signed), Some(now)) = (self.signed_at, self.now) {
            if now >= LATEST_NOW {
                return f.write_str(
                    " `now` looks like milliseconds: a UnixTime counts seconds since 1970, and `UnixTime::now()` is this moment.",
                );
            }
            let (ahead, by) = if signed > now { ("ahead", signed.since(now)) } else { ("ago", now.since(signed)) };
            write!(f, " Signed {} s {ahead}.", by.as_secs())?;
        }
        write!(f, " {}", self.code.fix())
    }
}

impl core::error::Error for VerifyError {}

/// Declares sentences that the WebAssembly module that verifies knows by number only: their texts are generated for
/// TypeScript.
macro_rules! sentences {
    ($(#[$doc:meta])* $seen:vis $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $seen enum $name { $(#[doc = $text] $variant,)* }

        impl $name {
            const TEXTS: &'static [&'static str] = &[$($text),*];

            /// The sentence.
            #[must_use]
            $seen const fn text(self) -> &'static str { match self { $(Self::$variant => $text),* } }
        }
    };
}

sentences! {
    /// What is wrong with a secret.
    pub Hint {
        NoSecret = "Pass at least one secret.",
        Empty = "Check that the environment variable with the secret is set where this program runs.",
        Space = "There is a space or a line break before or after the secret: trim it where your program reads it.",
        Quotes = "There are quotes around the secret: remove them where the secret is set.",
        NotBase64 = "It must be standard base64: copy the whole secret again.",
        NotWhsec = "It must be standard base64, mostly with whsec_ in front: copy the whole secret again.",
        NotHex = "It must be hex: pairs of 0-9 and a-f.",
        NotEd25519 = "It must be an Ed25519 key: hex, base64, whpk_ or whsk_ and base64, or a public key in PEM.",
        Invisible = "There are characters in the secret that cannot be seen, such as a byte order mark or a line break: copy it again.",
        Pem = "This is a key in PEM, which this scheme does not take: copy the signing secret, or choose a scheme for public keys.",
        PublicKey = "A public key begins with whpk_, but this provider signs with a shared secret: copy the signing secret.",
        PrivateKey = "A private key begins with whsk_, but this provider signs with a shared secret: copy the signing secret.",
    }
}

/// Which sentence says what is wrong with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// One that is the same for every provider.
    Known(Hint),
    /// The one of the provider's own wrong kind at this position.
    OfProvider(usize),
}

/// Why a secret was refused: something is wrong on our side, at start-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretError {
    pub(crate) code: Code,
    pub(crate) why: Why,
    /// The provider's own wrong kinds, for their sentences.
    pub(crate) wrong_kinds: &'static [(&'static str, &'static str)],
}

impl SecretError {
    pub(crate) const fn new(code: Code, hint: Hint) -> Self {
        Self { code, why: Why::Known(hint), wrong_kinds: &[] }
    }

    pub(crate) const fn own_wrong_kind(at: usize) -> Self {
        Self { code: Code::SecretWrongKind, why: Why::OfProvider(at), wrong_kinds: &[] }
    }

    /// The same error of a provider that has these wrong kinds of its own, for their sentences.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_provider(self, wrong_kinds: &'static [(&'static str, &'static str)]) -> Self {
        Self { wrong_kinds, ..self }
    }

    /// Which sentence says what is wrong.
    #[doc(hidden)]
    #[must_use]
    pub const fn why(&self) -> Why {
        self.why
    }

    /// Every hint that is the same for all providers, by number, for the generator.
    #[doc(hidden)]
    pub const HINTS: &'static [&'static str] = Hint::TEXTS;

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What is wrong with this very secret and what to do, without showing any of it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.why {
            Why::Known(hint) => hint.text(),
            Why::OfProvider(at) => self.wrong_kinds.get(at).map_or("", |(_, sentence)| sentence),
        }
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code.sentence(), self.hint())
    }
}

impl core::error::Error for SecretError {}

sentences! {
    /// What contradicts what in a scheme.
    pub(crate) Contradiction {
        Name = "name must be 1 to 64 lower-case letters, digits, - and _, such as acme.",
        NameOfPreset = "name is that of a provider that countersign knows: choose another one, or use that provider.",
        NamePinned = "A webhook of a known provider has that provider's name: leave name out.",
        SignatureHeader = "signature.header must be a header name.",
        IdHeader = "id.header must be a header name.",
        TimestampSource = "timestamp needs either a header or a field.",
        TimestampHeader = "timestamp.header must be a header name.",
        FieldWithoutList = "timestamp.field needs a signature header that is a list: set signature.separator.",
        Separator = "signature.separator may hold only commas, semicolons and spaces.",
        TooManyPieces = "signed has too many pieces: at most eight placeholders and texts between them.",
        FieldName = "timestamp.field is the name before the equals sign: write t, not t= or t=,.",
        PlaceholderOfOtherLanguage = "signed has placeholders without $: write {timestamp}.{body}, not ${timestamp}.${body}.",
        UnknownPlaceholder = "signed knows only the placeholders {timestamp}, {id} and {body}.",
        NoTimestamp = "signed uses {timestamp}, but no timestamp is described.",
        NoId = "signed uses {id}, but no id is described.",
        BodyNotOnce = "signed must contain {body} exactly once: a signature that does not cover the body proves nothing.",
        EmptyDiffers = "signedIfEmpty must use the same placeholders as signed, but for {body}: what it leaves out would not be signed.",
        EmptyLikeBody = "signedIfEmpty must be signed without {body}, or a beginning of that: else a body could stand for an empty one.",
        IdAdjacent = "signed needs a text between {id} and what is next to it on the side of {body}: else one signature fits two ids. Where the provider signs like that, say in adjacent why it does no harm.",
        TimeAdjacent = "signed needs a text that is no digit between {timestamp} and what is next to it on the side of {body}, or a tolerance on both sides: else a digit could move from one to the other. Where the provider signs like that, say in adjacent why it does no harm.",
        AdjacentWhy = "adjacent must say why it does no harm that pieces of signed touch.",
        ToleranceTooLong = "tolerance is in seconds, not milliseconds, and at most 86400 (a day): 300 is five minutes. Infinity (in JSON null, in Rust None) switches a side off.",
        HorizonTooLong = "retryHorizon is in seconds, not milliseconds, and at most 31622400 (366 days): 259200 is three days.",
        PathOfOtherLanguage = "event.type and event.id are names of fields with dots between them: write event.type, not $.event.type, $['event']['type'] or /event/type.",
        PathIntoList = "event.type and event.id cannot go into a list, so a number as in items.0.type finds nothing: leave it out, and read the list from the payload.",
        PathWithGap = "event.type and event.id are names of fields with one dot between two of them: write event.type.",
        Ed25519Alone = "algorithm ed25519 and key ed25519 belong together.",
    }
}

/// A scheme described as data contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemeError(pub(crate) Contradiction);

impl SchemeError {
    /// Its number among all sentences.
    #[doc(hidden)]
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0 as u8
    }

    /// What contradicts what, as one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.0.text()
    }

    /// Every sentence, by number, for the generator.
    #[doc(hidden)]
    pub const SENTENCES: &'static [&'static str] = Contradiction::TEXTS;
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text())
    }
}

impl core::error::Error for SchemeError {}

/// Why a body could not be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The scheme signs an id: pass one.
    IdMissing,
    /// An id must be visible ASCII, without commas and without the characters next to it in the signed content.
    IdInvalid,
    /// The first key is a public key; signing needs the private one.
    NoPrivateKey,
    /// Every secret has expired.
    NoKey,
}

impl SignError {
    /// Every one, by number, for the generator.
    #[doc(hidden)]
    pub const ALL: &'static [Self] = &[Self::IdMissing, Self::IdInvalid, Self::NoPrivateKey, Self::NoKey];

    /// What is wrong and what to do, as one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::IdMissing => "This scheme signs an id: pass one, the same for every attempt of a delivery.",
            Self::IdInvalid => {
                "An id must be visible ASCII, without commas and without the characters next to it in the signed content (mostly a dot)."
            }
            Self::NoPrivateKey => "A public key can only verify: pass the private key to sign.",
            Self::NoKey => "Every secret has expired: pass one that has not.",
        }
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl core::error::Error for SignError {}
