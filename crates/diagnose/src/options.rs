//! What `diagnose` is told beside the delivery: for which provider or scheme, and the options.

use countersign_core::{Provider, Scheme, Tolerance};

use crate::report::frameworks::Framework;

/// What else is known when a delivery is explained.
///
/// ```
/// use countersign::diagnose::{DiagnoseOptions, Framework};
/// let options = DiagnoseOptions::new().framework(Framework::Axum);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DiagnoseOptions {
    /// The framework that received the delivery: the fixes name its code.
    pub framework: Option<Framework>,
    /// The dialect that the webhook is pinned to, or a variation of one. Without it, all the ways count in which the
    /// provider signs.
    pub dialect: Option<Scheme>,
    /// The freshness window, where it is not the provider's own.
    pub tolerance: Option<Tolerance>,
}

impl DiagnoseOptions {
    /// Nothing else is known.
    #[must_use]
    pub const fn new() -> Self {
        Self { framework: None, dialect: None, tolerance: None }
    }

    /// With the framework that received the delivery.
    #[must_use]
    pub fn framework(self, framework: impl Into<Option<Framework>>) -> Self {
        Self { framework: framework.into(), ..self }
    }

    /// With the dialect that the webhook is pinned to, or a variation of one.
    #[must_use]
    pub fn dialect(self, dialect: impl Into<Option<Scheme>>) -> Self {
        Self { dialect: dialect.into(), ..self }
    }

    /// With a freshness window of its own.
    #[must_use]
    pub fn tolerance(self, tolerance: impl Into<Option<Tolerance>>) -> Self {
        Self { tolerance: tolerance.into(), ..self }
    }
}

/// What the delivery is explained for: a provider, or a scheme of your own. Both convert into it, so that
/// [`diagnose`](crate::diagnose()) takes either.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Subject<'a> {
    /// A provider that is known by name.
    Provider(Provider),
    /// A scheme of your own.
    Scheme(&'a Scheme),
}

impl From<Provider> for Subject<'_> {
    fn from(provider: Provider) -> Self {
        Self::Provider(provider)
    }
}

impl<'a> From<&'a Scheme> for Subject<'a> {
    fn from(scheme: &'a Scheme) -> Self {
        Self::Scheme(scheme)
    }
}
