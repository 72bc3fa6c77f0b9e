//! What is known about a delivery beside itself: who sent it, and how it is received.

use countersign_core::{Provider, Scheme, Tolerance};

use crate::report::frameworks::Framework;

/// What else is known when a delivery is explained.
#[derive(Clone, Debug, Default)]
pub struct Diagnosing {
    /// The framework that received the delivery, for the code in the fix.
    pub framework: Option<Framework>,
    /// The dialect that the webhook is pinned to, or a variation of one.
    pub pinned: Option<Scheme>,
    /// The freshness window, where it is not the sender's.
    pub tolerance: Option<Tolerance>,
}

/// Who sent the delivery, as far as that is known: a provider, or a scheme of your own.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Subject<'a> {
    /// A known provider.
    Provider(Provider),
    /// A provider described as data.
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
