//! Why a call to the dispatcher failed: stable codes, each with a sentence and a fix.

use core::fmt;

macro_rules! codes {
    ($($name:ident = $text:literal, $sentence:literal, $fix:literal;)*) => {
        /// What kind of failure. Add, never rename.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum DispatchCode { $(#[doc = concat!("`", $text, "`: ", $sentence, " ", $fix)] $name,)* }

        impl DispatchCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text, such as `store_failed`.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }

            /// What has failed, as one sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str { match self { $(Self::$name => $sentence),* } }

            /// What to do about it, as one sentence.
            #[must_use]
            pub const fn fix(self) -> &'static str { match self { $(Self::$name => $fix),* } }
        }
    };
}

codes! {
    StoreFailed = "store_failed",
        "The store has failed.",
        "Look at the detail and call again: a call that is repeated changes nothing twice.";
    EndpointUnknown = "endpoint_unknown",
        "There is no endpoint of this id.",
        "Use an id that the endpoint source knows.";
    DeliveryUnknown = "delivery_unknown",
        "There is no delivery of this id.",
        "Use the id of an entry of the log.";
    DeliveryInProgress = "delivery_in_progress",
        "The delivery is being sent at this moment.",
        "Look at the log again later.";
    EventInvalid = "event_invalid",
        "The id or the type of the event cannot stand in a header.",
        "Use 1 to 200 visible ASCII characters for each.";
    FilterInvalid = "filter_invalid",
        "The filter of the delivery log is outside of its limits.",
        "Use a limit of 1 to 100, an offset of 0 or more, and dates in order.";
    TlsInvalid = "tls_invalid",
        "TLS cannot be set up.",
        "Install ca-certificates, or give roots as PEM certificates.";
    SchemaTooNew = "schema_too_new",
        "A newer version of countersign has changed the tables of this database.",
        "Use that version here too, or another database.";
}

impl fmt::Display for DispatchCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call to the dispatcher failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchError {
    code: DispatchCode,
    detail: String,
}

impl DispatchError {
    pub(crate) const fn new(code: DispatchCode) -> Self {
        Self { code, detail: String::new() }
    }

    /// `store_failed`, with the message of a store. The messages of SQLite and PostgreSQL name tables and columns, but hold
    /// no secret and no body; those of your own store must not either.
    pub fn store(error: &impl fmt::Display) -> Self {
        Self { code: DispatchCode::StoreFailed, detail: format!("{error}") }
    }

    /// `schema_too_new`, with the version of the database and the last one that is known here.
    pub(crate) fn schema_too_new(found: i64, known: usize) -> Self {
        let detail = format!("The tables are of version {found}; the last one known here is {known}");
        Self { code: DispatchCode::SchemaTooNew, detail }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> DispatchCode {
        self.code
    }
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.sentence())?;
        if !self.detail.is_empty() {
            write!(f, " {}.", self.detail.trim_end_matches('.'))?;
        }
        write!(f, " {}", self.code.fix())
    }
}

impl core::error::Error for DispatchError {}
