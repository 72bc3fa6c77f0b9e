//! Secrets as people paste them, and keys as schemes use them: decoded once, wiped on drop, never shown.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::crypto::{self, Algorithm, Key};
use crate::error::{Code, Hint, SecretError};
use crate::no_secret::no_secret;
use crate::scheme::{KeyFormat, Scheme};
use crate::time::UnixTime;

/// The name of a secret that was not given one.
pub const DEFAULT_KEY_NAME: &str = "default";

/// A signing secret with a name and, during a rotation, an end.
#[derive(Clone)]
pub struct Secret {
    material: Material,
    name: Cow<'static, str>,
    expires: Option<UnixTime>,
}

#[derive(Clone)]
enum Material {
    Text(Zeroizing<String>),
    Bytes(Zeroizing<Vec<u8>>),
}

impl Secret {
    /// A secret as the provider shows it.
    pub fn new(text: impl Into<String>) -> Self {
        Self::from_material(Material::Text(Zeroizing::new(text.into())))
    }

    /// Key bytes, used as they are: for secrets that are not text, or whose odd text is really meant.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::from_material(Material::Bytes(Zeroizing::new(bytes.into())))
    }

    const fn from_material(material: Material) -> Self {
        Self { material, name: Cow::Borrowed(DEFAULT_KEY_NAME), expires: None }
    }

    /// Names the secret, so that the event can say which one matched.
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// The last second at which this secret is accepted.
    #[must_use]
    pub const fn expires(mut self, at: UnixTime) -> Self {
        self.expires = Some(at);
        self
    }
}

/// What `diagnose` needs to see of a secret.
impl Secret {
    #[doc(hidden)]
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.material {
            Material::Text(text) => Some(text),
            Material::Bytes(_) => None,
        }
    }

    /// The secret, where it is bytes.
    #[doc(hidden)]
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.material {
            Material::Text(_) => None,
            Material::Bytes(bytes) => Some(bytes),
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn name(&self) -> &Cow<'static, str> {
        &self.name
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn end(&self) -> Option<UnixTime> {
        self.expires
    }

    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc)]
    pub fn keys(&self, scheme: &Scheme, wrong_kinds: &[&str]) -> Result<Vec<Key>, SecretError> {
        self.material.keys(scheme, wrong_kinds)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret")
            .field("name", &self.name)
            .field("expires", &self.expires)
            .field("secret", &"[REDACTED]")
            .finish()
    }
}

/// The secrets that a webhook accepts at the same time; the first one signs.
#[derive(Clone, Debug, Default)]
pub struct Keyring(Vec<Secret>);

impl Keyring {
    /// A keyring of these secrets.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        Self(secrets.into_iter().collect())
    }
}

impl Keyring {
    #[doc(hidden)]
    #[must_use]
    pub fn secrets(&self) -> &[Secret] {
        &self.0
    }
}

impl<T: AsRef<str> + ?Sized> From<&T> for Keyring {
    fn from(text: &T) -> Self {
        Self(alloc::vec![Secret::new(text.as_ref())])
    }
}

impl From<String> for Keyring {
    fn from(text: String) -> Self {
        Self(alloc::vec![Secret::new(text)])
    }
}

impl From<Secret> for Keyring {
    fn from(secret: Secret) -> Self {
        Self(alloc::vec![secret])
    }
}

impl From<Vec<Secret>> for Keyring {
    fn from(secrets: Vec<Secret>) -> Self {
        Self(secrets)
    }
}

impl<const N: usize> From<[Secret; N]> for Keyring {
    fn from(secrets: [Secret; N]) -> Self {
        Self::new(secrets)
    }
}

/// A secret's key, ready to use.
#[derive(Clone, Debug)]
pub(crate) struct NamedKey {
    /// The position of its secret, which may stand for several keys.
    pub(crate) secret: usize,
    pub(crate) name: Cow<'static, str>,
    pub(crate) expires: Option<UnixTime>,
    pub(crate) key: Key,
}

/// A beginning that shows what a pasted text really is, and the sentence to say about it. An empty beginning stands for a
/// text of letters and digits alone, where every secret of the provider has a beginning such as `whsec_`.
pub type WrongKind = (&'static str, &'static str);

/// Whether the text is of the wrong kind that has this beginning.
fn is_of_kind(text: &str, beginning: &str) -> bool {
    // A shorter one is nothing that a provider shows.
    const SHORTEST: usize = 24;
    match beginning {
        "" => text.len() >= SHORTEST && text.bytes().all(|b| b.is_ascii_alphanumeric()),
        _ => text.starts_with(beginning),
    }
}

impl Keyring {
    /// Decodes every secret as the scheme says. `wrong_kinds` are beginnings of texts that are another kind of key.
    pub(crate) fn keys(&self, scheme: &Scheme, wrong_kinds: &[&str]) -> Result<Vec<NamedKey>, SecretError> {
        if self.0.is_empty() {
            return Err(SecretError::new(Code::SecretEmpty, Hint::NoSecret));
        }
        let mut keys: Vec<NamedKey> = Vec::with_capacity(self.0.len());
        for (at, secret) in self.0.iter().enumerate() {
            if secret.name != DEFAULT_KEY_NAME && keys.iter().any(|known| known.name == secret.name) {
                return Err(SecretError::new(Code::SecretConflict, Hint::SameName));
            }
            for key in secret.material.keys(scheme, wrong_kinds)? {
                keys.push(NamedKey { secret: at, name: secret.name.clone(), expires: secret.expires, key });
            }
        }
        Ok(keys)
    }
}

impl Material {
    fn keys(&self, scheme: &Scheme, wrong_kinds: &[&str]) -> Result<Vec<Key>, SecretError> {
        let key = match self {
            Self::Text(text) => {
                return secret_parts(text, scheme).map(|part| key_from_text(part, scheme, wrong_kinds)).collect();
            }
            Self::Bytes(bytes) if bytes.is_empty() => Err(EMPTY),
            Self::Bytes(bytes) if scheme.algorithm == Algorithm::Ed25519 => ed25519_from_bytes(bytes),
            Self::Bytes(bytes) => hmac(scheme, bytes),
        };
        key.map(|key| alloc::vec![key])
    }
}

/// The secrets that one text holds: Supabase shows those of a rotation as `v1,whsec_…|v1,whsec_…`. No key in base64 has the
/// mark.
pub fn secret_parts<'t>(text: &'t str, scheme: &Scheme) -> impl Iterator<Item = &'t str> {
    let mark: &[char] = if scheme.key == KeyFormat::Whsec { &['|'] } else { &[] };
    text.split(mark)
}

const EMPTY: SecretError = SecretError::new(Code::SecretEmpty, Hint::Empty);
const NOT_BASE64: SecretError = SecretError::new(Code::SecretNotDecodable, Hint::NotBase64);
const NOT_WHSEC: SecretError = SecretError::new(Code::SecretNotDecodable, Hint::NotWhsec);
const NOT_ED25519: SecretError = SecretError::new(Code::SecretNotDecodable, Hint::NotEd25519);

/// Decodes one secret as the scheme says.
///
/// # Errors
/// The secret is empty, unreadable or of another kind.
pub fn key_from_text(text: &str, scheme: &Scheme, wrong_kinds: &[&str]) -> Result<Key, SecretError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(EMPTY);
    }
    if trimmed.starts_with("-----BEGIN") {
        return match scheme.key {
            // PEM is the one format that spans lines and may end in one.
            KeyFormat::Ed25519 => public_from_pem(trimmed).ok_or(NOT_ED25519),
            // Public keys are public: as a shared secret, everybody who knows one could sign.
            _ => Err(SecretError::new(Code::SecretWrongKind, Hint::Pem)),
        };
    }
    if let Some(hint) = no_secret(trimmed) {
        return Err(SecretError::new(Code::SecretNotDecodable, hint));
    }
    if trimmed.len() != text.len() {
        return Err(SecretError::new(Code::SecretNotDecodable, Hint::Space));
    }
    if let [first @ (b'"' | b'\'' | b'`'), .., last] = text.as_bytes()
        && first == last
    {
        return Err(SecretError::new(Code::SecretNotDecodable, Hint::Quotes));
    }
    if text.chars().any(is_invisible) {
        return Err(SecretError::new(Code::SecretNotDecodable, Hint::Invisible));
    }
    if text == "whsec_" {
        return Err(EMPTY);
    }
    if let Some(at) = wrong_kinds.iter().position(|beginning| is_of_kind(text, beginning)) {
        return Err(SecretError::own_wrong_kind(at));
    }
    // Supabase writes the version of the signature before the secret.
    let text = match scheme.key {
        KeyFormat::Whsec => text.strip_prefix("v1,").unwrap_or(text),
        _ => text,
    };
    let takes_ed25519 = scheme.prefix_of(Algorithm::Ed25519).is_some();
    let (public, private) = (text.starts_with("whpk_"), text.starts_with("whsk_"));
    if !takes_ed25519 && (public || private) {
        let hint = if public { Hint::PublicKey } else { Hint::PrivateKey };
        return Err(SecretError::new(Code::SecretWrongKind, hint));
    }
    match scheme.key {
        KeyFormat::Utf8 => hmac(scheme, text.as_bytes()),
        KeyFormat::Base64 => hmac(scheme, &crypto::base64_secret(text).ok_or(NOT_BASE64)?),
        KeyFormat::Hex => {
            let bytes = crypto::hex(text).ok_or(SecretError::new(Code::SecretNotDecodable, Hint::NotHex))?;
            hmac(scheme, &bytes)
        }
        KeyFormat::Whsec => {
            if public || private {
                return ed25519_from_text(text);
            }
            let encoded = text.strip_prefix("whsec_").unwrap_or(text);
            hmac(scheme, &crypto::base64_secret(encoded).ok_or(NOT_WHSEC)?)
        }
        KeyFormat::Ed25519 => ed25519_from_text(text),
    }
}

/// Control characters, zero-width characters and the byte order mark, as they come along from web pages and files.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn hmac(scheme: &Scheme, bytes: &[u8]) -> Result<Key, SecretError> {
    if bytes.is_empty() {
        return Err(EMPTY);
    }
    Key::hmac(scheme.algorithm, bytes).ok_or(NOT_ED25519)
}

fn ed25519_from_text(text: &str) -> Result<Key, SecretError> {
    if let Some(encoded) = text.strip_prefix("whsk_") {
        return crypto::base64_secret(encoded).and_then(|bytes| Key::private(&bytes)).ok_or(NOT_ED25519);
    }
    let bytes = match text.strip_prefix("whpk_") {
        Some("") => return Err(EMPTY),
        Some(encoded) => crypto::base64_secret(encoded),
        // The lengths do not overlap: 64 hex digits, or 43 to 44 characters of base64.
        None if text.len() == 64 => crypto::hex(text),
        None => crypto::base64_secret(text),
    };
    bytes.and_then(|bytes| Key::public(&bytes)).ok_or(NOT_ED25519)
}

fn ed25519_from_bytes(bytes: &[u8]) -> Result<Key, SecretError> {
    let key = if bytes.len() == 64 { Key::private(bytes) } else { Key::public(bytes) };
    key.ok_or(NOT_ED25519)
}

/// Reads `-----BEGIN PUBLIC KEY-----` (RFC 8410).
fn public_from_pem(text: &str) -> Option<Key> {
    const SPKI_ED25519: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let encoded = text.strip_prefix("-----BEGIN PUBLIC KEY-----")?.strip_suffix("-----END PUBLIC KEY-----")?;
    let encoded = Zeroizing::new(encoded.split_ascii_whitespace().collect::<String>());
    Key::public(crypto::base64(&encoded)?.strip_prefix(&SPKI_ED25519)?)
}
