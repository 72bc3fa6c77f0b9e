//! Why a payload cannot be read: where the body is not what the type says, and what is there.

use alloc::borrow::Cow;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;

use crate::difference::Difference;
use crate::error::Code;
use crate::json::{Contents, NotJson};

/// The delivery is authentic, but its body is not JSON of the type that was asked for.
#[derive(Clone, Debug)]
pub struct PayloadError {
    provider: Cow<'static, str>,
    difference: Difference,
    /// Set where the body is no JSON.
    not_json: Option<NotJsonCause>,
}

type NotJsonCause = Option<Arc<serde_json::Error>>;

impl PayloadError {
    pub(crate) const fn new(provider: Cow<'static, str>, difference: Difference) -> Self {
        Self { provider, difference, not_json: None }
    }

    pub(crate) fn not_json(provider: Cow<'static, str>, difference: Difference, why: &NotJson) -> Self {
        Self { provider, difference, not_json: Some(why.cause.clone()) }
    }

    /// The stable code: `payload_invalid`.
    #[must_use]
    pub const fn code(&self) -> Code {
        Code::PayloadInvalid
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.code().status()
    }

    /// The provider that the webhook was made for.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The place in the body, such as `data.object.amount`; empty for the body itself.
    #[must_use]
    pub fn path(&self) -> &str {
        self.difference.path()
    }

    /// What was found there, such as `a text`. It quotes nothing of the body.
    #[must_use]
    pub fn found(&self) -> &str {
        self.difference.found()
    }

    /// What to do where the body is JSON, and where it is not, for the generator.
    #[doc(hidden)]
    pub const FIXES: [&'static str; 2] = [
        "Read the untyped JSON instead of the typed payload.",
        "Read the raw bytes, and check what the provider is set to send.",
    ];

    /// What bodies are that are no JSON, for the generator.
    #[doc(hidden)]
    pub const CONTENTS: &'static [(&'static str, &'static str, &'static str)] = Contents::ALL;
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [typed, raw] = Self::FIXES;
        let fix = if self.not_json.is_some() { raw } else { typed };
        write!(f, "{} Found {}. {fix}", self.code().sentence(), self.difference)
    }
}

impl Error for PayloadError {
    /// What the parser says, where the body is no JSON: where in the text it gave up.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.not_json.as_ref()?.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
