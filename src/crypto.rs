//! The only file that names a crypto crate: keys, MACs, digests and text encodings.
//!
//! Rules: key material is never `Debug`, is wiped on drop, and every comparison is constant-time.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use ct_codecs::{Base64, Base64NoPadding, Decoder as _, Encoder, Hex};
use ctutils::{Choice, CtEq as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

/// How a scheme turns key and content into a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum Algorithm {
    /// HMAC with SHA-256: what nearly every sender uses.
    #[serde(rename = "hmac-sha256")]
    HmacSha256,
    /// HMAC with SHA-512.
    #[serde(rename = "hmac-sha512")]
    HmacSha512,
    /// HMAC with SHA-1, for senders that offer nothing better. Not forgeable in practice, but do not choose it.
    #[serde(rename = "hmac-sha1-legacy")]
    HmacSha1Legacy,
    /// Ed25519: the receiver holds only the public key.
    #[serde(rename = "ed25519")]
    Ed25519,
}

impl Algorithm {
    /// Bytes in a signature.
    #[must_use]
    pub const fn signature_len(self) -> usize {
        match self {
            Self::HmacSha256 => 32,
            Self::HmacSha512 | Self::Ed25519 => 64,
            Self::HmacSha1Legacy => 20,
        }
    }
}

/// A signature as bytes, at most 64 of them.
#[derive(Clone, Copy)]
pub(crate) struct SignatureBytes {
    bytes: [u8; 64],
    len: usize,
}

impl SignatureBytes {
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    pub(crate) fn from_hex(text: &[u8], len: usize) -> Option<Self> {
        let mut bytes = [0; 64];
        (decode_hex(text, &mut bytes)? == len).then_some(Self { bytes, len })
    }

    pub(crate) fn from_base64(text: &[u8], len: usize) -> Option<Self> {
        let mut bytes = [0; 64];
        (decode_base64(text, &mut bytes)? == len).then_some(Self { bytes, len })
    }

    pub(crate) fn to_hex(self) -> String {
        encode::<Hex>(self.as_slice())
    }

    pub(crate) fn to_base64(self) -> String {
        encode::<Base64>(self.as_slice())
    }
}

impl From<&[u8]> for SignatureBytes {
    fn from(source: &[u8]) -> Self {
        let mut bytes = [0; 64];
        let len = source.len().min(64);
        if let (Some(to), Some(from)) = (bytes.get_mut(..len), source.get(..len)) {
            to.copy_from_slice(from);
        }
        Self { bytes, len }
    }
}

/// A key, its schedule computed once. HMAC keys hold no key bytes any more, only the two keyed hash states.
#[derive(Clone)]
pub(crate) enum Key {
    HmacSha256(Hmac<Sha256>),
    HmacSha512(Hmac<Sha512>),
    HmacSha1(Hmac<Sha1>),
    Public(VerifyingKey),
    Private(SigningKey),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([REDACTED])")
    }
}

impl Key {
    /// An HMAC key of any length; `None` for Ed25519, which has keys of its own.
    pub(crate) fn hmac(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        Some(match algorithm {
            Algorithm::HmacSha256 => Self::HmacSha256(Hmac::new_from_slice(bytes).ok()?),
            Algorithm::HmacSha512 => Self::HmacSha512(Hmac::new_from_slice(bytes).ok()?),
            Algorithm::HmacSha1Legacy => Self::HmacSha1(Hmac::new_from_slice(bytes).ok()?),
            Algorithm::Ed25519 => return None,
        })
    }

    /// A public key of 32 bytes that is a point of the curve and not of small order.
    pub(crate) fn public(bytes: &[u8]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (!key.is_weak()).then_some(Self::Public(key))
    }

    /// A private key: the seed of 32 bytes, or seed and public key in 64, which must then belong together.
    pub(crate) fn private(bytes: &[u8]) -> Option<Self> {
        if let Ok(seed) = <&[u8; 32]>::try_from(bytes) {
            return Some(Self::Private(SigningKey::from_bytes(seed)));
        }
        let pair = <&[u8; 64]>::try_from(bytes).ok()?;
        Some(Self::Private(SigningKey::from_keypair_bytes(pair).ok()?))
    }

    /// What suffices to verify, if that is less.
    #[cfg(feature = "wasm")]
    pub(crate) fn public_half(&self) -> Option<Self> {
        match self {
            Self::Private(key) => Some(Self::Public(key.verifying_key())),
            _ => None,
        }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::HmacSha256(_) => Algorithm::HmacSha256,
            Self::HmacSha512(_) => Algorithm::HmacSha512,
            Self::HmacSha1(_) => Algorithm::HmacSha1Legacy,
            Self::Public(_) | Self::Private(_) => Algorithm::Ed25519,
        }
    }

    /// Whether any candidate signs the concatenated parts.
    pub(crate) fn verify_any(&self, parts: &[&[u8]], candidates: &[SignatureBytes]) -> bool {
        let public = match self {
            Self::Public(key) => *key,
            Self::Private(key) => key.verifying_key(),
            _ => {
                let Some(mac) = self.sign(parts) else {
                    return false;
                };
                // Every candidate is compared, so the time does not tell which one matched.
                return candidates
                    .iter()
                    .fold(Choice::FALSE, |found, candidate| found | mac.as_slice().ct_eq(candidate.as_slice()))
                    .into();
            }
        };
        let message = parts.concat();
        candidates.iter().any(|candidate| {
            Signature::from_slice(candidate.as_slice())
                .is_ok_and(|signature| public.verify_strict(&message, &signature).is_ok())
        })
    }

    /// The signature over the concatenated parts; `None` for a public key.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> Option<SignatureBytes> {
        macro_rules! mac {
            ($keyed:expr) => {{
                let mut mac = $keyed.clone();
                for part in parts {
                    mac.update(part);
                }
                SignatureBytes::from(mac.finalize().into_bytes().as_slice())
            }};
        }
        Some(match self {
            Self::HmacSha256(keyed) => mac!(keyed),
            Self::HmacSha512(keyed) => mac!(keyed),
            Self::HmacSha1(keyed) => mac!(keyed),
            Self::Private(key) => SignatureBytes::from(key.sign(&parts.concat()).to_bytes().as_slice()),
            Self::Public(_) => return None,
        })
    }
}

/// An HMAC under way, so that what many messages begin with is hashed once.
#[derive(Clone)]
pub(crate) enum Running {
    HmacSha256(Hmac<Sha256>),
    HmacSha512(Hmac<Sha512>),
    HmacSha1(Hmac<Sha1>),
}

impl Running {
    /// `None` for Ed25519, which needs the whole message.
    pub(crate) fn new(key: &Key) -> Option<Self> {
        Some(match key {
            Key::HmacSha256(keyed) => Self::HmacSha256(keyed.clone()),
            Key::HmacSha512(keyed) => Self::HmacSha512(keyed.clone()),
            Key::HmacSha1(keyed) => Self::HmacSha1(keyed.clone()),
            Key::Public(_) | Key::Private(_) => return None,
        })
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::HmacSha256(mac) => mac.update(bytes),
            Self::HmacSha512(mac) => mac.update(bytes),
            Self::HmacSha1(mac) => mac.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> SignatureBytes {
        match self {
            Self::HmacSha256(mac) => SignatureBytes::from(mac.finalize().into_bytes().as_slice()),
            Self::HmacSha512(mac) => SignatureBytes::from(mac.finalize().into_bytes().as_slice()),
            Self::HmacSha1(mac) => SignatureBytes::from(mac.finalize().into_bytes().as_slice()),
        }
    }
}

/// Whether two byte strings are equal, in constant time for a given length.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// Decodes hex in either case, and says how many bytes it was.
#[inline(never)]
fn decode_hex(text: &[u8], bytes: &mut [u8]) -> Option<usize> {
    Hex::decode(bytes, text, None).ok().map(<[u8]>::len)
}

/// Decodes standard base64, padded or not, and says how many bytes it was.
fn decode_base64(text: &[u8], bytes: &mut [u8]) -> Option<usize> {
    let unpadded = match text {
        [rest @ .., b'=', b'='] | [rest @ .., b'='] if text.len().is_multiple_of(4) => rest,
        other => other,
    };
    Base64NoPadding::decode(bytes, unpadded, None).ok().map(<[u8]>::len)
}

/// Decodes standard base64, padded or not.
pub(crate) fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(alloc::vec![0; text.len() / 4 * 3 + 3]);
    let len = decode_base64(text.as_bytes(), &mut bytes)?;
    bytes.truncate(len);
    Some(bytes)
}

/// Encodes as standard base64 with padding.
pub(crate) fn to_base64(bytes: &[u8]) -> Zeroizing<String> {
    encode_secret::<Base64>(bytes, bytes.len().div_ceil(3) * 4)
}

/// Encodes as lowercase hex.
pub(crate) fn to_hex(bytes: &[u8]) -> Zeroizing<String> {
    encode_secret::<Hex>(bytes, bytes.len() * 2)
}

fn encode_secret<E: Encoder>(bytes: &[u8], length: usize) -> Zeroizing<String> {
    let mut text = Zeroizing::new(alloc::vec![0; length]);
    let text = E::encode(&mut text, bytes).unwrap_or_default();
    Zeroizing::new(utf8(text).unwrap_or_default().into())
}

/// Decodes hex in either case.
pub(crate) fn hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(alloc::vec![0; text.len() / 2]);
    decode_hex(text.as_bytes(), &mut bytes)?;
    Some(bytes)
}

/// Writes at most 64 bytes as text.
fn encode<E: Encoder>(bytes: &[u8]) -> String {
    let mut text = [0; 128];
    let text = E::encode(&mut text, bytes).unwrap_or_default();
    utf8(text).unwrap_or_default().into()
}

/// Bytes as text. The standard library's way is quicker for long texts and three times the code.
pub(crate) fn utf8(bytes: &[u8]) -> Option<&str> {
    let text = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    (text.len() == bytes.len()).then_some(text)
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 in lowercase hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    encode::<Hex>(&sha256(bytes))
}
