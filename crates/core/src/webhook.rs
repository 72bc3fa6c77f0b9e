//! A provider and our keys, ready to verify and sign. Made once, at start-up.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::error::{Contradiction, SchemeError, SecretError};
use crate::provider::{About, DEFAULT_LARGEST_BODY, Provider, ProviderDialect};
use crate::providers::NAMES;
use crate::scheme::{Scheme, Tolerance};
use crate::secret::{Keyring, NamedKey};

/// A provider with our keys. It verifies the provider's deliveries, and signs as the provider does.
#[derive(Clone)]
pub struct Webhook {
    /// The provider's name; that of a scheme of your own, or [`CUSTOM`].
    pub(crate) provider: Cow<'static, str>,
    /// How replay keys begin.
    pub(crate) replay_name: Cow<'static, str>,
    /// How long after the first attempt the provider may still retry.
    pub(crate) retry_horizon: Duration,
    /// Where an [`Event`](crate::Event) finds its type and id; `None` for a scheme of your own, which says so itself.
    pub(crate) about: Option<&'static About>,
    pub(crate) dialects: Cow<'static, [Scheme]>,
    pub(crate) keys: Vec<NamedKey>,
}

/// Names a scheme of your own that has no name, in events and errors.
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

    /// A webhook pinned to a variation of one of the provider's dialects, such as one with other header names. For a dialect as
    /// it is, see [`ProviderDialect::webhook`].
    ///
    /// ```
    /// use countersign::Provider;
    /// let mut scheme = Provider::PLANASONIX.dialect("body-only").ok_or("no such dialect")?.scheme();
    /// scheme.signature.header = "X-Our-Signature".into();
    /// let webhook = Provider::PLANASONIX.pinned(scheme, "whsec_01jq8secretxxxxxxxxxxxxxxxx")?;
    /// assert_eq!(webhook.provider(), "planasonix");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The variation contradicts itself, or the secret is empty, unreadable or of another kind.
    pub fn pinned(self, scheme: impl Into<Scheme>, secrets: impl Into<Keyring>) -> Result<Webhook, SetupError> {
        let scheme = scheme.into();
        scheme.check().map_err(SetupError::Scheme)?;
        if scheme.name.is_some() {
            return Err(SetupError::Scheme(SchemeError(Contradiction::NamePinned)));
        }
        self.prepare(alloc::vec![scheme], &secrets.into()).map_err(SetupError::Secret)
    }

    fn prepare(self, dialects: Vec<Scheme>, secrets: &Keyring) -> Result<Webhook, SecretError> {
        let wrong_kinds: Vec<&str> = self.preset.wrong_kinds.iter().map(|(beginning, _)| *beginning).collect();
        let webhook = Webhook::new(dialects, secrets, &wrong_kinds)
            .map_err(|error| error.of_provider(self.preset.wrong_kinds))?;
        Ok(Webhook { about: Some(self.about), ..webhook.of_preset(self.preset.name.into(), self.preset.retry_horizon) })
    }
}

impl ProviderDialect {
    /// A webhook of the provider that accepts this dialect only.
    ///
    /// # Errors
    /// The secret is empty, unreadable or of another kind.
    pub fn webhook(self, secrets: impl Into<Keyring>) -> Result<Webhook, SecretError> {
        self.provider.prepare(alloc::vec![self.scheme()], &secrets.into())
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
        self.check_own().map_err(SetupError::Scheme)?;
        let provider = self.name.clone().unwrap_or(Cow::Borrowed(CUSTOM));
        let (replay_name, retry_horizon) = (self.replay_name().into(), self.retry_horizon);
        let webhook = Webhook::new(alloc::vec![self], &secrets.into(), &[]).map_err(SetupError::Secret)?;
        let retry_horizon = retry_horizon.unwrap_or(webhook.retry_horizon);
        Ok(Webhook { provider, replay_name, retry_horizon, ..webhook })
    }

    /// As [`check`](Self::check), for a scheme of one's own: it cannot have the name of a preset.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc)] // those of `check`
    pub fn check_own(&self) -> Result<(), SchemeError> {
        self.check()?;
        match &self.name {
            Some(name) if NAMES.contains(&&**name) => Err(SchemeError(Contradiction::NameOfPreset)),
            _ => Ok(()),
        }
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
            provider: Cow::Borrowed(CUSTOM),
            replay_name: Cow::Borrowed(CUSTOM),
            retry_horizon: DEFAULT_RETRY_HORIZON,
            about: None,
            dialects: dialects.into(),
            keys,
        })
    }

    /// The same webhook for the provider of this name, which retries for so long unless the first dialect says how long.
    #[doc(hidden)]
    #[must_use]
    pub fn of_preset(self, name: Cow<'static, str>, retry_horizon: Duration) -> Self {
        let said = self.dialects.first().and_then(|scheme| scheme.retry_horizon);
        Self { provider: name.clone(), replay_name: name, retry_horizon: said.unwrap_or(retry_horizon), ..self }
    }

    /// How replay keys begin.
    #[doc(hidden)]
    #[must_use]
    pub fn replay_name(&self) -> &str {
        &self.replay_name
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
    ///
    /// # Errors
    /// The window is longer than a day, which milliseconds taken for seconds are; or the scheme cannot be without one, since
    /// its signed content would become ambiguous.
    pub fn tolerance(mut self, tolerance: Tolerance) -> Result<Self, SchemeError> {
        for scheme in self.dialects.to_mut() {
            scheme.tolerance = tolerance;
            scheme.check()?;
        }
        Ok(self)
    }

    /// The same webhook with replay keys of its own, for programs that receive for several tenants with one replay store:
    /// else a tenant who knows an id that another tenant's delivery will have could sign it first, and that delivery would
    /// count as handled. Any text will do, such as the tenant's id.
    ///
    /// ```
    /// use countersign::Provider;
    /// let webhook = Provider::STRIPE.webhook("whsec_test_secret")?.scope("tenant 7");
    /// # let now = countersign::UnixTime::from_secs(1_767_225_600);
    /// # let body = r#"{"object":"event","id":"evt_1","type":"invoice.paid"}"#;
    /// # let headers = webhook.sign(body, &countersign::SignOptions::at(now))?;
    /// # let event = webhook.verify(&countersign::Delivery::new(&headers, body), now)?;
    /// assert_eq!(event.replay_key(), "stripe@tenant%207:id:evt_1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        // No name has the mark, and no escaped scope: they cannot be taken for one another, nor for a part of an id.
        let name = self.replay_name.split('@').next().unwrap_or_default();
        let mut scoped = [name, "@"].concat();
        for byte in scope.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => scoped.push(byte.into()),
                _ => {
                    let halves = [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16));
                    scoped.push('%');
                    scoped.extend(halves.into_iter().flatten().map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }
        self.replay_name = scoped.into();
        self
    }

    /// The provider's name; that of a scheme of your own, or `custom`.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }
}
