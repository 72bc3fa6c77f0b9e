//! What is wrong with an endpoint's settings: stable codes, one plain sentence each, and what to do about it.
//!
//! No error holds a secret, the value of a header, or the query of a URL.

use alloc::borrow::Cow;
use core::fmt;

macro_rules! codes {
    ($($name:ident = $text:literal, $sentence:literal, $fix:literal;)*) => {
        /// Why an endpoint, or a request about one, was refused. Add, never rename.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EndpointCode { $(#[doc = concat!("`", $text, "`: ", $sentence, " ", $fix)] $name,)* }

        impl EndpointCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text, such as `url_not_https`.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }

            /// What is wrong, as one sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str { match self { $(Self::$name => $sentence),* } }

            /// What to do about it, as one sentence.
            #[must_use]
            pub const fn fix(self) -> &'static str { match self { $(Self::$name => $fix),* } }
        }
    };
}

codes! {
    Malformed = "malformed",
        "The settings are not JSON of the documented form.",
        "Compare the types of the fields with the documentation.";
    NameMissing = "name_missing",
        "The name is empty.",
        "Give the endpoint a name that people recognize.";
    NameTooLong = "name_too_long",
        "The name is longer than 100 characters.",
        "Shorten the name.";
    UrlMalformed = "url_malformed",
        "The URL cannot be read, or can be read in more than one way.",
        "Write it plainly: https://, a host name, a path; without spaces, control characters and backslashes.";
    UrlTooLong = "url_too_long",
        "The URL is longer than 2,048 characters.",
        "Shorten the URL.";
    UrlNotHttps = "url_not_https",
        "The URL does not begin with https://.",
        "Deliveries carry data and signatures: serve the endpoint over TLS.";
    UrlUserinfo = "url_userinfo",
        "The URL has a user name or a password in it.",
        "Put credentials into a custom header instead.";
    UrlFragment = "url_fragment",
        "The URL has a fragment (#), which is never sent.",
        "Remove everything from the # on.";
    UrlPort = "url_port",
        "The port is not allowed.",
        "Use port 443, or have the operator allow this port.";
    HostNotPublic = "host_not_public",
        "The host name is not a public one.",
        "Use a full public name without a dot at the end, or have the operator allow this name.";
    AddressNotPublic = "address_not_public",
        "The address is not on the public internet.",
        "Use a public address, or have the operator allow this network.";
    NetworkInvalid = "network_invalid",
        "The network is not in CIDR notation.",
        "Write the first address, a slash and the length of the prefix, such as 10.0.0.0/8.";
    EventsEmpty = "events_empty",
        "No event types are subscribed to.",
        "Name event types, families such as flight.*, or * for all.";
    EventInvalid = "event_invalid",
        "An event type is not a name, a family such as flight.*, or * for all.",
        "Use up to 200 visible ASCII characters; a star stands alone or after the last dot.";
    HeaderNameInvalid = "header_name_invalid",
        "A custom header has a name that HTTP does not allow.",
        "Use letters, digits and hyphens.";
    HeaderValueInvalid = "header_value_invalid",
        "A custom header has a value that HTTP does not allow.",
        "Use visible ASCII, without line breaks and without spaces around it.";
    HeaderReserved = "header_reserved",
        "A custom header would replace one that signing or HTTP itself writes.",
        "Choose another name.";
    HeaderRepeated = "header_repeated",
        "Two custom headers have names that a server does not tell apart.",
        "Keep one: letter case does not tell headers apart, and for many servers - and _ do not either.";
    HeadersTooLarge = "headers_too_large",
        "The custom headers are longer than 8,192 bytes together.",
        "Remove or shorten some: servers refuse long headers.";
    RateOutOfRange = "rate_out_of_range",
        "The limit of deliveries per second is below 1.",
        "Give 1 or more, leave it out for no limit, or switch the endpoint off.";
    RetriesOutOfRange = "retries_out_of_range",
        "The number of retries is not between 0 and 10.",
        "Retries are counted without the first attempt: 4 retries are 5 attempts.";
    TimeoutOutOfRange = "timeout_out_of_range",
        "The timeout is not between 1 and 30 seconds.",
        "Choose 1 to 30 seconds; look whether the field is in milliseconds or in seconds.";
    RetryInvalid = "retry_invalid",
        "The retry rules cannot be followed.",
        "Correct the field that is named.";
    SchemeInvalid = "scheme_invalid",
        "The signing scheme does not exist or contradicts itself.",
        "Name a known provider and one of its dialects, or describe a scheme.";
    SecretMissing = "secret_missing",
        "There is no secret to sign with.",
        "Add a secret: a delivery without a signature proves nothing.";
    SecretInvalid = "secret_invalid",
        "A secret does not fit the signing scheme.",
        "Use a secret of the form that the scheme decodes.";
    IdentityInvalid = "identity_invalid",
        "The client certificate or its private key cannot be read.",
        "Give both as PEM, with their BEGIN and END lines.";
    IdInvalid = "id_invalid",
        "The id is empty or has characters that no id has.",
        "Use the id that the API returned.";
    TokenInvalid = "token_invalid",
        "The API token is empty or has characters that no token has.",
        "Copy the token again, without quotes, spaces or line breaks around it.";
    FilterInvalid = "filter_invalid",
        "The filter of the delivery log is outside of its limits.",
        "Use a limit of 1 to 100, an offset of 0 or more, and dates in order.";
    ApiRefused = "api_refused",
        "The API refused the request.",
        "Look at the status: 401 and 403 are about the token, 404 about the id, 429 asks to wait.";
    ReplyMalformed = "reply_malformed",
        "The API's answer is not of the documented form.",
        "Check the base address, and read the answer as plain JSON.";
}

impl fmt::Display for EndpointCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong with an endpoint's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    code: EndpointCode,
    field: Cow<'static, str>,
    detail: Cow<'static, str>,
}

impl EndpointError {
    pub(crate) const fn new(code: EndpointCode) -> Self {
        Self { code, field: Cow::Borrowed(""), detail: Cow::Borrowed("") }
    }

    pub(crate) fn at(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = field.into();
        self
    }

    pub(crate) fn because(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// JSON of another form: says where, but never what stands there, which may be a secret.
    pub(crate) fn json(code: EndpointCode, error: &serde_json::Error) -> Self {
        Self::new(code).because(alloc::format!("Line {}, column {}.", error.line(), error.column()))
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> EndpointCode {
        self.code
    }

    /// The field that is wrong, such as `url` or `events[2]`; empty where there is only one.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// One more sentence about this case; mostly empty.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.sentence())?;
        if !self.field.is_empty() {
            write!(f, " Field: {}.", self.field)?;
        }
        if !self.detail.is_empty() {
            write!(f, " {}", self.detail)?;
        }
        write!(f, " {}", self.code.fix())
    }
}

impl core::error::Error for EndpointError {}
