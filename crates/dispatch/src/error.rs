//! Why a call to the dispatcher failed: stable codes, each with a sentence and a fix.

use core::fmt;

/// What kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DispatchCode {
    /// `store_failed`
    StoreFailed,
    /// `endpoint_unknown`
    EndpointUnknown,
    /// `delivery_unknown`
    DeliveryUnknown,
    /// `delivery_in_progress`
    DeliveryInProgress,
    /// `event_invalid`
    EventInvalid,
    /// `filter_invalid`
    FilterInvalid,
    /// `tls_invalid`
    TlsInvalid,
    /// `schema_too_new`
    SchemaTooNew,
}

impl DispatchCode {
    const fn texts(self) -> [&'static str; 3] {
        match self {
            Self::StoreFailed => {
                ["store_failed", "The store did not answer.", "Nothing was changed: look at the detail and call again."]
            }
            Self::EndpointUnknown => {
                ["endpoint_unknown", "There is no endpoint of this id.", "Use an id that the endpoint source knows."]
            }
            Self::DeliveryUnknown => {
                ["delivery_unknown", "There is no delivery of this id.", "Use the id of an entry of the log."]
            }
            Self::DeliveryInProgress => {
                ["delivery_in_progress", "The delivery is being sent at this moment.", "Look at the log again later."]
            }
            Self::EventInvalid => [
                "event_invalid",
                "The id or the type of the event cannot stand in a header.",
                "Use 1 to 200 visible ASCII characters for each.",
            ],
            Self::FilterInvalid => [
                "filter_invalid",
                "The filter of the delivery log is outside of its limits.",
                "Use a limit of 1 to 100, an offset of 0 or more, and dates in order.",
            ],
            Self::TlsInvalid => {
                ["tls_invalid", "TLS cannot be set up.", "Install ca-certificates, or give roots as PEM certificates."]
            }
            Self::SchemaTooNew => [
                "schema_too_new",
                "A newer version of countersign has changed the tables of this database.",
                "Use that version here too, or another database.",
            ],
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.texts()[0]
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
        Self { code: DispatchCode::StoreFailed, detail: std::format!("{error}") }
    }

    /// `schema_too_new`: this database is of that version, and this library knows no later one than its own.
    pub(crate) fn schema_too_new(found: i64, known: usize) -> Self {
        let detail = std::format!("The tables are of version {found}; the last one known here is {known}");
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
        let [_, sentence, fix] = self.code.texts();
        f.write_str(sentence)?;
        if !self.detail.is_empty() {
            write!(f, " {}.", self.detail.trim_end_matches('.'))?;
        }
        write!(f, " {fix}")
    }
}

impl core::error::Error for DispatchError {}
