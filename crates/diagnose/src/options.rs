//! What `diagnose` is told beside the delivery: for which provider or scheme, and the options.

use countersign_core::{Provider, Scheme, Tolerance};

use crate::report::frameworks::Framework;

/// What else is known when a delivery is explained.
///
/// ```
/// use countersign::diagnose::{DiagnoseOptions, Framework};
/// let options = DiagnoseOptions::new().framework(Framework::Axum);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DiagnoseOptions {
    /// The framework that received the delivery: the fixes name its code.
    pub framework: Option<Framework>,
    /// The dialect that the webhook is pinned to, or a variation of one. Without it, all the ways count in which the
    /// provider signs.
    pub dialect: Option<Scheme>,
    /// The freshness window, where it is not the provider's own.
    pub tolerance: Option<Tolerance>,
    /// How much may be tried: 1 by default, which takes at most 150 ms of one core (in WebAssembly; natively less) and
    /// memory of four times the body, or 5 MiB where the body is small. What takes longer is not tried, and
    /// [`Diagnosis::untried`](crate::Diagnosis::untried) says so. 20 allows twenty times as much: for a person who waits,
    /// not for every refusal of a public endpoint.
    pub effort: u32,
    /// Whether the diagnosis may hold the beginning and the end of what was signed, which is mostly the body. Without it, a
    /// diagnosis holds nothing of the body, so that it may be logged where bodies may not.
    pub preview: bool,
}

impl Default for DiagnoseOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl DiagnoseOptions {
    /// Nothing else is known.
    #[must_use]
    pub const fn new() -> Self {
        Self { framework: None, dialect: None, tolerance: None, effort: 1, preview: false }
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

    /// With so many times the usual work and memory.
    #[must_use]
    pub fn effort(self, effort: u32) -> Self {
        Self { effort, ..self }
    }

    /// With a preview of what was signed.
    #[must_use]
    pub fn preview(self, preview: bool) -> Self {
        Self { preview, ..self }
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
