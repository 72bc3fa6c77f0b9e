//! How deliveries to an endpoint are signed: a provider's scheme or one of your own, its secrets, and mutual TLS.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::crypto;
use countersign_core::{Extra, Keyring, Provider, Scheme, Secret, UnixTime};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::builder::builder;
use crate::debug::debug_without_extra;
use crate::error::{EndpointCode, EndpointError};
use crate::redact::SecretText;

/// One of the secrets that are active at the same time.
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct SigningSecret {
    /// The name that tells this secret from the others in events and logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The secret as people see it.
    pub secret: SecretText,
    /// The last second at which the secret counts, in Unix seconds; set on the old secret during a rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(SigningSecret: name, secret, expires);

impl SigningSecret {
    /// A secret without a name that always counts.
    pub fn new(secret: impl Into<SecretText>) -> Self {
        Self { name: None, secret: secret.into(), expires: None, extra: Extra::new() }
    }
}

builder!(SigningSecret {
    /// Gives the secret a name, which tells it from the others in events and logs.
    named(name: impl Into<String>) => name = Some(name.into());
    /// The last second at which the secret counts.
    expires(at: UnixTime) => expires = Some(at.as_secs().try_into().unwrap_or(i64::MAX));
});

impl From<SecretText> for SigningSecret {
    fn from(secret: SecretText) -> Self {
        Self::new(secret)
    }
}

impl SigningSecret {
    fn secret(&self) -> Secret {
        let secret = Secret::new(self.secret.expose());
        let secret = match &self.name {
            Some(name) => secret.named(name.clone()),
            None => secret,
        };
        match self.expires {
            // A time before 1970 is over, as 1970 is.
            Some(at) => secret.expires(UnixTime::from_secs(at.try_into().unwrap_or(0))),
            None => secret,
        }
    }
}

/// How deliveries are signed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // few, and read once
pub enum SigningScheme {
    /// As a provider signs.
    Preset(PresetScheme),
    /// As described here.
    Custom(Scheme),
}

/// How a provider signs.
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct PresetScheme {
    /// The provider's name, such as `standard-webhooks`.
    pub provider: String,
    /// Which of its dialects, if not its first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

debug_without_extra!(PresetScheme: provider, dialect);

impl SigningScheme {
    /// As this provider signs, in its first dialect.
    #[must_use]
    pub fn of(provider: Provider) -> Self {
        Self::Preset(PresetScheme { provider: provider.name().into(), dialect: None, extra: Extra::new() })
    }

    /// As this provider signs, in the dialect of this name.
    pub fn of_dialect(provider: Provider, dialect: impl Into<String>) -> Self {
        let dialect = Some(dialect.into());
        Self::Preset(PresetScheme { provider: provider.name().into(), dialect, extra: Extra::new() })
    }

    /// The provider, where it is a known one.
    #[must_use]
    pub fn provider(&self) -> Option<Provider> {
        match self {
            Self::Preset(preset) => preset.provider.parse().ok(),
            Self::Custom(_) => None,
        }
    }

    /// The scheme.
    ///
    /// # Errors
    /// `scheme_invalid`: no provider or dialect of that name, or a contradiction.
    pub fn scheme(&self) -> Result<Cow<'_, Scheme>, EndpointError> {
        let invalid =
            |detail: &'static str| EndpointError::new(EndpointCode::SchemeInvalid).at("signing").because(detail);
        match self {
            Self::Preset(preset) => {
                let provider = self.provider().ok_or_else(|| invalid("No provider has this name."))?;
                let mut dialects = provider.dialects().iter();
                let found = match preset.dialect.as_deref() {
                    Some(name) => dialects.find(|dialect| dialect.name == name),
                    None => dialects.next(),
                };
                found
                    .map(|dialect| Cow::Owned(dialect.scheme()))
                    .ok_or_else(|| invalid("The provider has no dialect of this name."))
            }
            Self::Custom(scheme) => {
                scheme.check().map(|()| Cow::Borrowed(scheme)).map_err(|error| invalid(error.sentence()))
            }
        }
    }
}

pub(crate) fn keyring(secrets: &[SigningSecret]) -> Keyring {
    Keyring::new(secrets.iter().map(SigningSecret::secret))
}

/// The secrets that this scheme does not decode.
pub(crate) fn problems(secrets: &[SigningSecret], scheme: &Scheme, provider: Option<Provider>) -> Vec<EndpointError> {
    let wrong_kinds: Vec<&str> = provider.into_iter().flat_map(|p| p.wrong_kinds()).map(|(start, _)| *start).collect();
    let one = |(at, secret): (usize, &SigningSecret)| {
        let error =
            secret.secret().keys(scheme, &wrong_kinds).err()?.of_provider(provider.map_or(&[], Provider::wrong_kinds));
        Some(EndpointError::new(EndpointCode::SecretInvalid).at(format!("secrets[{at}]")).because(error.hint()))
    };
    secrets.iter().enumerate().filter_map(one).collect()
}

/// What is shown to a receiver that asks for a client certificate (mutual TLS).
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct ClientIdentity {
    /// The certificate and those between it and the root, in PEM.
    pub certificate: String,
    /// Its private key, in PEM (PKCS #8, PKCS #1 or SEC 1), not encrypted.
    pub private_key: SecretText,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

// People paste whole PEM files into `certificate`, with the private key in them: so it is not shown either.
debug_without_extra!(ClientIdentity: private_key);

impl ClientIdentity {
    /// A certificate with those between it and the root, and its private key, both in PEM.
    pub fn new(certificate: impl Into<String>, private_key: impl Into<SecretText>) -> Self {
        Self { certificate: certificate.into(), private_key: private_key.into(), extra: Extra::new() }
    }

    pub(crate) fn problem(&self) -> Option<EndpointError> {
        let keys = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
        let field = if !is_pem(&self.certificate, &["CERTIFICATE"]) {
            "identity.certificate"
        } else if !is_pem(self.private_key.expose(), &keys) {
            "identity.private_key"
        } else {
            return None;
        };
        Some(EndpointError::new(EndpointCode::IdentityInvalid).at(field))
    }
}

/// Whether the text is one block or more of these kinds and nothing else. What is inside is for the TLS library to
/// read.
fn is_pem(text: &str, kinds: &[&str]) -> bool {
    let mut rest = text.trim();
    while let Some(block) = rest.strip_prefix("-----BEGIN ") {
        let Some((kind, block)) = block.split_once("-----").filter(|(kind, _)| kinds.contains(kind)) else {
            return false;
        };
        let Some((inside, after)) = block.split_once(format!("-----END {kind}-----").as_str()) else {
            return false;
        };
        let inside: Zeroizing<String> = Zeroizing::new(inside.chars().filter(|c| !c.is_ascii_whitespace()).collect());
        if inside.is_empty() || crypto::base64(&inside).is_none() {
            return false;
        }
        rest = after.trim_start();
        if rest.is_empty() {
            return true;
        }
    }
    false
}

/// What is wrong with the one secret in a provider's own settings, which its management API takes.
pub(crate) fn secret_problem(secret: &SecretText, provider: Provider) -> Option<EndpointError> {
    let scheme = &provider.dialects().first()?.scheme();
    let found = problems(&[secret.clone().into()], scheme, Some(provider)).into_iter().next();
    found.map(|error| error.at("secret"))
}
