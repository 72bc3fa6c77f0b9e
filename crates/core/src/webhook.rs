//! A provider and our keys, ready to verify and sign. Made once, at start-up.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::error::{SchemeError, SecretError};
use crate::provider::{About, DEFAULT_LARGEST_BODY, Provider};
use crate::scheme::{Scheme, Tolerance};
use crate::secret::{Keyring, NamedKey};

/// A provider with our keys. It verifies the provider's deliveries, and signs as the provider does.
#[derive(Clone)]
pub struct Webhook {
    /// The provider's name, or [`CUSTOM`].
    pub(crate) provider: &'static str,
    /// How long after the first attempt the provider may still retry.
    pub(crate) retry_horizon: Duration,
    /// Where an [`Event`](crate::Event) finds its type and id; `None` for a scheme of your own, which says so itself.
    pub(crate) about: Option<&'static About>,
    pub(crate) dialects: Cow<'static, [Scheme]>,
    pub(crate) keys: Vec<NamedKey>,
}

/// Names a scheme of your own in events, errors and replay keys.
pub const CUSTOM: &str = "custom";

/// How long to remember replay keys where the provider's retry horizon is unknown: a week.
pub const DEFAULT_RETRY_HORIZON: Duration = Duration::from_secs(7 * 86_400);

impl Provider {
    /// A webhook with the provider's own defaults.
    ///
    /// # Errors
    /// The secret is empty, unreadable or of another kind.
    pub fn webhook(self, secrets: impl Into<Keyring>) -> Result<Webhook, SecretError> {
        let dialects = self.dialects().iter().filter(|d| d.auto).map(|d| d.scheme()).collect();
        self.prepare(dialects, &secrets.into())
    }

    /// A webhook pinned to one of the provider's dialects, or to a variation of one, such as other header names.
    ///
    /// ```
    /// use countersign::{Provider, Tolerance};
    /// let scheme = Provider::PLANASONIX.dialect("body-only").ok_or("no such dialect")?;
    /// let webhook = Provider::PLANASONIX.pinned(scheme, "whsec_01jq8secretxxxxxxxxxxxxxxxx")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The variation contradicts itself, or the secret is empty, unreadable or of another kind.
    pub fn pinned(self, scheme: Scheme, secrets: impl Into<Keyring>) -> Result<Webhook, SetupError> {
        scheme.check().map_err(SetupError::Scheme)?;
        self.prepare(alloc::vec![scheme], &secrets.into()).map_err(SetupError::Secret)
    }

    fn prepare(self, dialects: Vec<Scheme>, secrets: &Keyring) -> Result<Webhook, SecretError> {
        let wrong_kinds: Vec<&str> = self.preset.wrong_kinds.iter().map(|(beginning, _)| *beginning).collect();
        let webhook = Webhook::new(dialects, secrets, &wrong_kinds)
            .map_err(|error| error.of_provider(self.preset.wrong_kinds))?;
        Ok(Webhook {
            provider: self.preset.name,
            retry_horizon: self.preset.retry_horizon,
            about: Some(self.about),
            ..webhook
        })
    }
}

/// Why a scheme of your own, or a variation of a provider's, makes no webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// Not `non_exhaustive`: a webhook is made of a scheme and secrets, and of nothing else.
pub enum SetupError {
    /// The scheme contradicts itself.
    Scheme(SchemeError),
    /// The secret does not fit.
    Secret(SecretError),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(error) => error.fmt(f),
            Self::Secret(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SetupError {}

impl Scheme {
    /// A webhook for a provider described as data.
    ///
    /// # Errors
    /// The scheme contradicts itself, or the secret does not fit it.
    pub fn webhook(self, secrets: impl Into<Keyring>) -> Result<Webhook, SetupError> {
        self.check().map_err(SetupError::Scheme)?;
        Webhook::new(alloc::vec![self], &secrets.into(), &[]).map_err(SetupError::Secret)
    }
}

impl Webhook {
    /// The largest body that the provider sends, in bytes; [`DEFAULT_LARGEST_BODY`] where that is not known.
    #[must_use]
    pub fn largest_body(&self) -> usize {
        self.about.map_or(DEFAULT_LARGEST_BODY, |about| about.largest_body)
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("provider", &self.provider)
            .field("dialects", &self.dialects)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

impl Webhook {
    /// A webhook of the provider `custom`. The caller has checked the dialects; the first one says how secrets are
    /// decoded.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc)] // those of `Provider::webhook`
    pub fn new(dialects: Vec<Scheme>, secrets: &Keyring, wrong_kinds: &[&str]) -> Result<Self, SecretError> {
        let keys = match dialects.first() {
            Some(scheme) => secrets.keys(scheme, wrong_kinds)?,
            None => Vec::new(),
        };
        Ok(Self {
            provider: CUSTOM,
            retry_horizon: DEFAULT_RETRY_HORIZON,
            about: None,
            dialects: dialects.into(),
            keys,
        })
    }

    /// The same webhook for a provider that retries for so long.
    #[doc(hidden)]
    #[must_use]
    pub fn retrying_for(self, retry_horizon: Duration) -> Self {
        Self { retry_horizon, ..self }
    }

    /// Keeps only what verifying needs: of private keys, the public half. Says whether there was a private key.
    #[doc(hidden)]
    pub fn drop_private_keys(&mut self) -> bool {
        let mut found = false;
        for named in &mut self.keys {
            if let Some(public) = named.key.public_half() {
                named.key = public;
                found = true;
            }
        }
        found
    }

    /// The same webhook with another freshness window.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        for scheme in self.dialects.to_mut() {
            scheme.tolerance = tolerance;
        }
        self
    }

    /// The provider's name, or `custom`.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.provider
    }
}
