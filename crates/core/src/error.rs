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
        "A header that this delivery cannot be verified without is missing.",
        "Check that the request comes from this provider, and pass on all its headers.";
    /// A header does not have the form that the scheme says.
    HeaderMalformed = "header_malformed", 400,
        "A header does not have the form that this provider writes.",
        "Pass the header exactly as it arrived, and check that the right provider and the right kind of key are configured.";
    /// A header is repeated with different values.
    HeaderConflict = "header_conflict", 400,
        "A header is there more than once, or joined by commas, with different values.",
        "Look for a proxy or a test tool that adds a second signature, timestamp or id header.";
    /// No signature in the header belongs to this body and these keys.
    SignatureMismatch = "signature_mismatch", 401,
        "No signature in the header matches this body with the configured keys.",
        "Verify the raw bytes of the request, before any parser touches them, with the secret that the provider shows for this very URL.";
    /// The signature is valid, but the timestamp is older than the tolerance allows.
    TimestampTooOld = "timestamp_too_old", 401,
        "The signature is authentic, but the timestamp is too old.",
        "Check this machine's clock, and whether the delivery is a replay or was held up in a queue.";
    /// The signature is valid, but the timestamp is further in the future than the tolerance allows.
    TimestampTooNew = "timestamp_too_new", 401,
        "The signature is authentic, but the timestamp lies too far in the future.",
        "Check this machine's clock.";
    /// The caller passed something else than the raw body.
    BodyNotRaw = "body_not_raw", 500,
        "The raw body is needed, and it is not here.",
        "Read the bytes of the request before any body parser does, and pass them on as they are.";
    /// Only in JavaScript: a getter or a proxy among the values that the caller passed threw an error.
    InputUnreadable = "input_unreadable", 500,
        "A value that was passed in threw an error when it was read.",
        "Look at the error's cause, which is what a getter or a proxy threw, and pass plain values.";
    /// The connection broke while the body was arriving.
    BodyIncomplete = "body_incomplete", 400,
        "The body broke off before its end.",
        "The provider, something between you, or a time limit of this server closed the connection; most providers try again.";
    /// The body is larger than the configured limit.
    BodyTooLarge = "body_too_large", 413,
        "The body is larger than this receiver takes.",
        "If this provider really sends bodies of this size, raise the limit (in the npm package, the option maxBytes).";
    /// The request is not a POST, as deliveries are.
    MethodNotAllowed = "method_not_allowed", 405,
        "The request is not a POST.",
        "Nothing is wrong if a person or a monitor opened the URL. If it is the provider, look for a redirect, which turns a POST into a GET.";
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
        "Answer 409 with Retry-After, so that a provider that retries tries again.";
    /// There is no secret, or nothing in it.
    SecretEmpty = "secret_empty", 500,
        "The secret is empty.",
        "Check that the environment variable with the secret is set where this program runs.";
    /// The secret is not in the form that the scheme decodes.
    SecretNotDecodable = "secret_not_decodable", 500,
        "This is not the secret as the provider shows it.",
        "Copy the secret again, without quotes, spaces or line breaks around it.";
    /// The secret is another kind of key, or something else that a provider shows.
    SecretWrongKind = "secret_wrong_kind", 500,
        "This is something else than the signing secret of a webhook.",
        "Copy the signing secret from the page where the provider shows this webhook.";
    /// Every secret has expired, so no delivery can be verified.
    SecretExpired = "secret_expired", 500,
        "Every secret of this webhook has expired.",
        "Give this webhook the secret that the provider signs with now, or a later end to the one it has.";
    /// Two secrets have the same name.
    SecretConflict = "secret_conflict", 500,
        "Two secrets of this webhook have the same name.",
        "Give each secret a name of its own: the name is what says which one matched.";
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
    pub(crate) time_signed: bool,
    pub(crate) now: Option<UnixTime>,
    pub(crate) lead: Option<Lead>,
}

impl VerifyError {
    pub(crate) const fn new(code: Code) -> Self {
        Self {
            code,
            provider: Cow::Borrowed(""),
            header: None,
            signed_at: None,
            time_signed: false,
            now: None,
            lead: None,
        }
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

    /// When the delivery says it was signed, for the two freshness codes. The signature covers that time only where the
    /// scheme signs it.
    #[must_use]
    pub const fn signed_at(&self) -> Option<UnixTime> {
        self.signed_at
    }

    /// Whether the signature covers the time.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_time_signed(&self) -> bool {
        self.time_signed
    }

    /// What this very delivery shows, by number.
    #[doc(hidden)]
    #[must_use]
    pub const fn clue(&self) -> Option<Clue> {
        match self.lead {
            Some(Lead::Clue(clue, _)) => Some(clue),
            _ => None,
        }
    }

    /// What to do about it: what this very delivery shows, or else what the code says.
    #[must_use]
    pub fn fix(&self) -> Cow<'static, str> {
        match self.lead {
            None => Cow::Borrowed(self.code.fix()),
            Some(Lead::Own(sentence)) => Cow::Borrowed(sentence),
            Some(Lead::Clue(clue, "")) => Cow::Borrowed(clue.text()),
            Some(Lead::Clue(clue, word)) => Cow::Owned(clue.text().replace("{}", word)),
        }
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
            match self.time_signed {
                true => write!(f, " Signed {} s {ahead}.", by.as_secs())?,
                false => write!(f, " It says {} s {ahead}, and the signature does not cover it.", by.as_secs())?,
            }
        }
        write!(f, " {}", self.fix())
    }
}

impl core::error::Error for VerifyError {}

/// What a delivery shows beside its code, and leads to the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// A sentence that is the same for every provider, and the word that it leaves room for.
    Clue(Clue, &'static str),
    /// A sentence of the provider's own.
    Own(&'static str),
}

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
    /// What a refused delivery shows, and what to do about it. `{}` leaves room for one word.
    pub Clue {
        Unsigned = "Check that the request comes from this provider at all, and pass on all its headers as they arrived.",
        NoHeaders = "Check how the headers are passed: there is not one. Pass those of the request together with its body.",
        OtherProvider = "The signature header of another provider ({}) is there: check which provider was given this URL, and which one this webhook is for.",
        SignsIfConfigured = "{} signs only where a secret is set for the webhook there: set this secret there, or check whether the request is from {} at all.",
        EventBridge = "The body is an event of Amazon EventBridge, which has no signature: protect this URL by what EventBridge offers, such as an API key, and read `detail`.",
        EventGrid = "The body is a list of events of Azure Event Grid, which have no signature: protect this URL by what Event Grid offers, and read `data`.",
        CloudEvent = "The body is a CloudEvent, which has no signature of its own: protect this URL by what the service that delivers it offers, and read `data`.",
        NotThere = "It holds the text `{}`, which a program writes for a value that is not there: look at what sends or passes on this header.",
        EmptyHeader = "It is there, but empty: look at what sends or passes on this header.",
        EmptyBody = "The body that was passed is empty: if the request had one, something has read it before; read the raw bytes first.",
        ObjectText = "The body is the text [object Object]: something parsed it and wrote the object as text; pass the raw bytes of the request.",
        SomeExpired = "A secret that has expired was not tried: check whether the provider still signs with it. Else verify the raw bytes, with the secret that the provider shows for this very URL.",
    }
}

impl Clue {
    /// Every sentence, by number, for the generator.
    #[doc(hidden)]
    pub const ALL: &'static [&'static str] = Self::TEXTS;
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
        Unset = "It is the text of a value that is not there, such as `undefined`: set the environment variable with the secret where this program runs.",
        Object = "It is what JavaScript writes for an object as text: await the secret, or take it out of the object.",
        Variable = "It is the name of a variable, or a template that nobody has filled in: pass the value.",
        Assignment = "The name of a variable and `=` stand before it: pass only what follows.",
        Placeholder = "It is a placeholder, or a secret that is masked or cut short: copy the whole secret that the provider shows.",
        Json = "It is JSON: pass the text of the field that holds the secret.",
        Url = "It is a URL: copy the signing secret, not the address of the webhook.",
        SameName = "Give each secret a name of its own: the name is what says which one matched.",
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
