//! A provider that we know: how it signs, and what else is known about it.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use serde_json::Value;

use crate::difference::Difference;
use crate::nearest::nearest;
use crate::retries::Retries;
use crate::scheme::Scheme;
use crate::secret::WrongKind;
use crate::shape::{Names, Shape};

/// A provider. [`Provider::STRIPE`] and its siblings are all there are; a scheme of your own is a [`Scheme`].
#[derive(Clone, Copy)]
pub struct Provider {
    pub(crate) preset: &'static Preset,
    pub(crate) about: &'static About,
}

impl Provider {
    /// The name used in every language, such as `standard-webhooks`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.preset.name
    }

    /// The name people use, such as `Standard Webhooks`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.about.title
    }

    /// The provider's own page about its signatures.
    #[must_use]
    pub const fn docs(self) -> &'static str {
        self.about.docs
    }

    /// The ways this provider signs. The first is the one to sign with.
    #[must_use]
    pub const fn dialects(self) -> &'static [Dialect] {
        self.preset.dialects
    }

    /// One of the provider's dialects, by name.
    ///
    /// ```
    /// use countersign::Provider;
    /// let dialect = Provider::PLANASONIX.dialect("body-only").ok_or("no such dialect")?;
    /// let webhook = dialect.webhook("whsec_01jq8secretxxxxxxxxxxxxxxxx")?;
    /// assert_eq!(webhook.provider(), "planasonix");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn dialect(self, name: &str) -> Option<ProviderDialect> {
        let dialect = self.dialects().iter().find(|dialect| dialect.name == name)?;
        Some(ProviderDialect { provider: self, dialect })
    }

    /// How long after the first attempt the provider may still retry.
    #[must_use]
    pub const fn retry_horizon(self) -> Duration {
        self.preset.retry_horizon
    }

    /// The largest body that the provider sends, in bytes: what a server has to read, and no more. Where the provider
    /// does not say, 5 MiB.
    #[must_use]
    pub const fn largest_body(self) -> usize {
        self.about.largest_body
    }

    /// What is known about the provider beside how it signs, as data.
    #[must_use]
    pub const fn about(self) -> &'static About {
        self.about
    }

    /// How it signs, without what [`About`] says.
    #[doc(hidden)]
    #[must_use]
    pub const fn preset(self) -> &'static Preset {
        self.preset
    }

    /// Beginnings of texts that are not this provider's secret, with what to say, for the generator.
    #[doc(hidden)]
    #[must_use]
    pub const fn wrong_kinds(self) -> &'static [WrongKind] {
        self.preset.wrong_kinds
    }

    /// Whether `detect` can find this provider, for the generator.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_detectable(self) -> bool {
        self.preset.detectable
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.name())
    }
}

impl PartialEq for Provider {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Provider {}

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(name: &str) -> Result<Self, UnknownProvider> {
        Self::ALL.iter().copied().find(|provider| provider.name() == name).ok_or_else(|| {
            let meant = nearest(name, Self::ALL.iter().map(|provider| provider.name()));
            UnknownProvider { meant: meant.and_then(|at| Self::ALL.get(at)).copied() }
        })
    }
}

/// No provider has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProvider {
    meant: Option<Provider>,
}

impl UnknownProvider {
    /// The provider that the name may be meant to be.
    #[must_use]
    pub const fn meant(self) -> Option<Provider> {
        self.meant
    }
}

impl fmt::Display for UnknownProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("No provider has this name")?;
        if let Some(meant) = self.meant {
            write!(f, "; {} has a similar one", meant.name())?;
        }
        f.write_str(". Providers: ")?;
        for (at, provider) in Provider::ALL.iter().enumerate() {
            write!(f, "{}{}", if at > 0 { ", " } else { "" }, provider.name())?;
        }
        f.write_str(".")
    }
}

impl core::error::Error for UnknownProvider {}

/// The part of a preset that says how the provider signs. It is a static of its own, so that the WebAssembly module
/// that verifies carries neither [`About`] nor [`Habits`](crate::habits::Habits).
#[derive(Debug)]
pub struct Preset {
    /// See [`Provider::name`].
    pub name: &'static str,
    /// See [`Provider::dialects`].
    pub dialects: &'static [Dialect],
    /// Beginnings of texts that are not this provider's signing secret, with what to say about each.
    pub wrong_kinds: &'static [WrongKind],
    /// See [`Provider::retry_horizon`].
    pub retry_horizon: Duration,
    /// Whether the signature header alone shows that a delivery is this provider's.
    pub detectable: bool,
}

/// What is known about a provider beside how it signs.
#[derive(Debug)]
#[non_exhaustive]
pub struct About {
    /// See [`Provider::title`].
    pub title: &'static str,
    /// See [`Provider::docs`].
    pub docs: &'static str,
    /// Whether it signs every delivery.
    pub signs: Signs,
    /// What may be there where its signature header is not: a header, the beginning of its value, and what to say.
    pub instead: &'static [(&'static str, &'static str, &'static str)],
    /// What the signature covers.
    pub covers: &'static str,
    /// What it does not cover and must not be trusted.
    pub not_covered: &'static str,
    /// The field of a form that holds the JSON, where the provider may also send it as a form.
    pub form: Option<&'static str>,
    /// The largest body that the provider sends, in bytes; [`DEFAULT_LARGEST_BODY`] where its pages do not say.
    pub largest_body: usize,
    /// The first place in a body where something else stands than the payload's types say.
    pub difference: fn(&Value) -> Option<Difference>,
    /// Where the signed body says what happened. The first shape that fits counts.
    pub shapes: &'static [Shape],
    /// The headers that the provider writes beside those of signature, timestamp and id.
    pub sends: &'static [(&'static str, Sent)],
    /// When it sends again; `None` where its pages give no times.
    pub retries: Option<Retries>,
    /// Every documented event type.
    pub events: &'static [&'static str],
}

/// The largest body to read from a provider that names no limit: many times what any of them is known to send.
pub const DEFAULT_LARGEST_BODY: usize = 5 << 20;

/// Whether a provider signs every delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// A delivery without a signature is not from this provider, or has lost it on the way.
    Always,
    /// Only where its user has set a secret for the webhook.
    IfConfigured,
}

/// One of the ways a provider signs.
#[derive(Debug)]
#[non_exhaustive]
pub struct Dialect {
    /// The name to pin it by.
    pub name: &'static str,
    /// Whether a webhook that is pinned to no dialect uses this one where its signature header is present. All that are
    /// used must verify.
    pub auto: bool,
    pub(crate) scheme: fn() -> Scheme,
}

impl Dialect {
    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        (self.scheme)()
    }
}

/// A dialect that still knows its provider: a [`webhook`](Self::webhook) made of it is the provider's, with the provider's
/// events, replay keys and retries.
#[derive(Clone, Copy, Debug)]
pub struct ProviderDialect {
    pub(crate) provider: Provider,
    dialect: &'static Dialect,
}

impl ProviderDialect {
    /// The scheme alone: to look at, or to make a variation of it for [`Provider::pinned`]. A webhook that is made of the scheme
    /// itself is one of a scheme of your own.
    #[must_use]
    pub fn scheme(self) -> Scheme {
        self.dialect.scheme()
    }
}

impl From<ProviderDialect> for Scheme {
    fn from(dialect: ProviderDialect) -> Self {
        dialect.scheme()
    }
}

/// What stands in a header that a provider writes beside the signature.
#[derive(Clone, Copy, Debug)]
pub enum Sent {
    /// Always this.
    Fixed(&'static str),
    /// The string in this field of the body.
    BodyField(&'static str),
    /// The id given to `sign`, if one is.
    Id,
    /// The id given to `sign`. Where none is given, the npm package makes up a new one for every attempt; the core,
    /// which has no randomness, leaves the header out.
    DeliveryId,
    /// The event type given to `sign`, since the body does not hold it.
    EventType,
}

impl About {
    /// The event type and the id that a body says.
    pub(crate) fn names(&self, body: &Value) -> Names {
        self.shapes.iter().find_map(|shape| shape.names(body)).unwrap_or_default()
    }
}

/// Declares every provider by the name of its constant and of its file, in the order of the files.
macro_rules! providers {
    ($($constant:ident = $module:ident;)+) => {
        impl $crate::Provider {
            $(
                #[doc = concat!("See [`", stringify!($module), "`](crate::providers::", stringify!($module), ").")]
                pub const $constant: Self = Self { preset: &$module::PRESET, about: &$module::ABOUT };
            )+

            /// Every provider, by name.
            pub const ALL: &'static [Self] = &[$(Self::$constant),+];
        }

        /// How each provider signs, in the order of `Provider::ALL`.
        #[doc(hidden)]
        pub static PRESETS: &[&$crate::provider::Preset] = &[$(&$module::PRESET),+];

        /// The name of each provider, for the module that verifies, which is told its preset and carries none.
        pub(crate) static NAMES: &[&str] = &[$($module::PRESET.name),+];

        /// How each provider writes what it sends, in the order of `Provider::ALL`.
        #[doc(hidden)]
        pub static HABITS: &[&$crate::habits::Habits] = &[$(&$module::HABITS),+];
    };
}
pub(crate) use providers;
