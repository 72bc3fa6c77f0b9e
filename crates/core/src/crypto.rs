//! The only file that names a crypto crate: keys, MACs, digests and text encodings.
//!
//! Rules: key material is never `Debug`, is wiped on drop, and every comparison is constant-time. Digests and signatures
//! are written and read by the crate `hex`; secrets only by a coder that takes constant time.

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

use crate::vocabulary::vocabulary;

vocabulary! {
    /// How a scheme turns key and content into a signature.
    Algorithm of "algorithm" {
        /// HMAC with SHA-256: what nearly every provider uses.
        HmacSha256 = "hmac-sha256",
        /// HMAC with SHA-512.
        HmacSha512 = "hmac-sha512",
        /// HMAC with SHA-1, for providers that offer nothing better. Not forgeable in practice, but do not choose it.
        HmacSha1Legacy = "hmac-sha1-legacy",
        /// Ed25519: the receiver holds only the public key.
        Ed25519 = "ed25519",
    }
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
pub struct SignatureBytes {
    bytes: [u8; 64],
    len: usize,
}

/// A signature that was computed and not sent is as good as a secret.
impl fmt::Debug for SignatureBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignatureBytes([REDACTED])")
    }
}

impl SignatureBytes {
    /// Its bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Reads hex; `None` if it is not exactly `len` bytes.
    #[must_use]
    pub fn from_hex(text: &[u8], len: usize) -> Option<Self> {
        let mut bytes = [0; 64];
        hex::decode_to_slice(text, bytes.get_mut(..len)?).ok()?;
        Some(Self { bytes, len })
    }

    /// Reads base64; `None` if it is not exactly `len` bytes.
    #[must_use]
    pub fn from_base64(text: &[u8], len: usize) -> Option<Self> {
        let mut bytes = [0; 64];
        (decode_base64(text, &mut bytes)? == len).then_some(Self { bytes, len })
    }

    /// Lowercase hex.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.as_slice())
    }

    /// Base64 with padding.
    #[must_use]
    pub fn to_base64(self) -> String {
        let mut text = [0; 88];
        let text = Base64::encode(&mut text, self.as_slice()).unwrap_or_default();
        utf8(text).unwrap_or_default().into()
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

/// A key, prepared once for many messages. An HMAC key is kept as two hash states, and no longer as its bytes.
#[derive(Clone)]
pub struct Key(Kind);

#[derive(Clone)]
enum Kind {
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
    #[must_use]
    pub fn hmac(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        Some(match algorithm {
            Algorithm::HmacSha256 => Self(Kind::HmacSha256(Hmac::new_from_slice(bytes).ok()?)),
            Algorithm::HmacSha512 => Self(Kind::HmacSha512(Hmac::new_from_slice(bytes).ok()?)),
            Algorithm::HmacSha1Legacy => Self(Kind::HmacSha1(Hmac::new_from_slice(bytes).ok()?)),
            Algorithm::Ed25519 => return None,
        })
    }

    /// A public key of 32 bytes that is a point of the curve and not of small order.
    #[must_use]
    pub fn public(bytes: &[u8]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (!key.is_weak()).then_some(Self(Kind::Public(key)))
    }

    /// A private key: the seed of 32 bytes, or seed and public key in 64, which must then belong together.
    #[must_use]
    pub fn private(bytes: &[u8]) -> Option<Self> {
        if let Ok(seed) = <&[u8; 32]>::try_from(bytes) {
            return Some(Self(Kind::Private(SigningKey::from_bytes(seed))));
        }
        let pair = <&[u8; 64]>::try_from(bytes).ok()?;
        Some(Self(Kind::Private(SigningKey::from_keypair_bytes(pair).ok()?)))
    }

    /// The public key that belongs to a private key; `None` for every other key, which verifying needs whole.
    #[must_use]
    pub fn public_half(&self) -> Option<Self> {
        match &self.0 {
            Kind::Private(key) => Some(Self(Kind::Public(key.verifying_key()))),
            _ => None,
        }
    }

    /// Which algorithm it is a key of.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Kind::HmacSha256(_) => Algorithm::HmacSha256,
            Kind::HmacSha512(_) => Algorithm::HmacSha512,
            Kind::HmacSha1(_) => Algorithm::HmacSha1Legacy,
            Kind::Public(_) | Kind::Private(_) => Algorithm::Ed25519,
        }
    }

    /// Whether one of the candidates is this key's signature over the concatenated parts.
    #[must_use]
    pub fn verify_any(&self, parts: &[&[u8]], candidates: &[SignatureBytes], tries: &mut Tries) -> bool {
        let public = match &self.0 {
            _ if candidates.is_empty() => return false,
            Kind::Public(key) => *key,
            Kind::Private(key) => key.verifying_key(),
            _ => {
                let Some(mac) = self.sign(parts) else {
                    return false;
                };
                // Every candidate is compared, so that the time does not tell which one matched.
                return candidates
                    .iter()
                    .fold(Choice::FALSE, |found, candidate| found | mac.as_slice().ct_eq(candidate.as_slice()))
                    .into();
            }
        };
        let mut first = true;
        candidates.iter().any(|candidate| {
            tries.next(parts, core::mem::take(&mut first)).is_some_and(|message| {
                Signature::from_slice(candidate.as_slice())
                    .is_ok_and(|signature| public.verify_strict(message, &signature).is_ok())
            })
        })
    }

    /// The signature over the concatenated parts; `None` for a public key.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> Option<SignatureBytes> {
        macro_rules! mac {
            ($keyed:expr) => {{
                let mut mac = $keyed.clone();
                for part in parts {
                    mac.update(part);
                }
                SignatureBytes::from(mac.finalize().into_bytes().as_slice())
            }};
        }
        Some(match &self.0 {
            Kind::HmacSha256(keyed) => mac!(keyed),
            Kind::HmacSha512(keyed) => mac!(keyed),
            Kind::HmacSha1(keyed) => mac!(keyed),
            Kind::Private(key) => SignatureBytes::from(key.sign(&parts.concat()).to_bytes().as_slice()),
            Kind::Public(_) => return None,
        })
    }
}

/// How many signatures of one delivery are tried with public keys, of which each try hashes the whole message: what is
/// hashed begins with the signature and the key.
#[derive(Default)]
pub struct Tries {
    made: usize,
    /// Bytes that were hashed by tries of a key after its first.
    again: usize,
    message: Option<Vec<u8>>,
}

/// Shows how many, and no message.
impl fmt::Debug for Tries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tries").field("made", &self.made).finish_non_exhaustive()
    }
}

impl Tries {
    /// In all, over keys and signatures.
    const MOST: usize = 4;

    /// What the tries of a key after its first may hash. A large delivery from an attacker, with a list of signatures, then
    /// costs as much as an accepted one, and no more; a list that comes with a key's rotation is tried up to this size.
    const MOST_AGAIN: usize = 1 << 20;

    /// The concatenated parts, if one more try with them may be made.
    fn next(&mut self, parts: &[&[u8]], is_first_of_key: bool) -> Option<&[u8]> {
        if self.made == Self::MOST {
            return None;
        }
        let message = self.message.get_or_insert_with(|| parts.concat());
        if !is_first_of_key {
            self.again = self.again.saturating_add(message.len());
            if self.again > Self::MOST_AGAIN {
                return None;
            }
        }
        self.made += 1;
        Some(message)
    }
}

/// An HMAC under way, so that what many messages begin with is hashed once.
#[derive(Clone)]
pub struct Running(RunningKind);

#[derive(Clone)]
enum RunningKind {
    HmacSha256(Hmac<Sha256>),
    HmacSha512(Hmac<Sha512>),
    HmacSha1(Hmac<Sha1>),
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Running([REDACTED])")
    }
}

impl Running {
    /// Begins a message; `None` for Ed25519, which needs the whole message at once.
    #[must_use]
    pub fn new(key: &Key) -> Option<Self> {
        Some(Self(match &key.0 {
            Kind::HmacSha256(keyed) => RunningKind::HmacSha256(keyed.clone()),
            Kind::HmacSha512(keyed) => RunningKind::HmacSha512(keyed.clone()),
            Kind::HmacSha1(keyed) => RunningKind::HmacSha1(keyed.clone()),
            Kind::Public(_) | Kind::Private(_) => return None,
        }))
    }

    /// Takes in the next bytes of the message.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            RunningKind::HmacSha256(mac) => mac.update(bytes),
            RunningKind::HmacSha512(mac) => mac.update(bytes),
            RunningKind::HmacSha1(mac) => mac.update(bytes),
        }
    }

    /// The MAC of what was taken in.
    #[must_use]
    pub fn finish(self) -> SignatureBytes {
        match self.0 {
            RunningKind::HmacSha256(mac) => SignatureBytes::from(mac.finalize().into_bytes().as_slice()),
            RunningKind::HmacSha512(mac) => SignatureBytes::from(mac.finalize().into_bytes().as_slice()),
            RunningKind::HmacSha1(mac) => SignatureBytes::from(mac.finalize().into_bytes().as_slice()),
        }
    }
}

/// Whether two byte strings are equal, in constant time for a given length.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
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
#[must_use]
pub fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(alloc::vec![0; text.len() / 4 * 3 + 3]);
    let len = decode_base64(text.as_bytes(), &mut bytes)?;
    bytes.truncate(len);
    Some(bytes)
}

/// Decodes a secret in standard base64, padded or not. The bits after its last whole byte may have any value: the reference
/// libraries of Standard Webhooks do not look at them, so providers show such secrets.
#[must_use]
pub fn base64_secret(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let unpadded = match text.len().is_multiple_of(4) {
        true => text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text),
        false => text,
    };
    if unpadded.len() % 4 == 1 {
        return None;
    }
    // With zeros after it, the last characters are whole bytes too.
    let mut whole = Zeroizing::new(String::with_capacity(unpadded.len() + 3));
    whole.push_str(unpadded);
    while !whole.len().is_multiple_of(4) {
        whole.push('A');
    }
    let mut bytes = base64(&whole)?;
    bytes.truncate(unpadded.len() * 3 / 4);
    Some(bytes)
}

/// Encodes as standard base64 with padding.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> Zeroizing<String> {
    encode_secret::<Base64>(bytes, bytes.len().div_ceil(3) * 4)
}

/// Encodes as lowercase hex, in constant time: it may be a secret.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> Zeroizing<String> {
    encode_secret::<Hex>(bytes, bytes.len() * 2)
}

fn encode_secret<E: Encoder>(bytes: &[u8], length: usize) -> Zeroizing<String> {
    let mut text = Zeroizing::new(alloc::vec![0; length]);
    let text = E::encode(&mut text, bytes).unwrap_or_default();
    Zeroizing::new(utf8(text).unwrap_or_default().into())
}

/// Decodes hex in either case, in constant time: it may be a secret.
#[must_use]
pub fn hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(alloc::vec![0; text.len() / 2]);
    Hex::decode(&mut bytes, text, None).ok()?;
    Some(bytes)
}

/// Bytes as text. `core::str::from_utf8` is quicker for long texts, but would be three times the code in the module.
#[must_use]
pub fn utf8(bytes: &[u8]) -> Option<&str> {
    let text = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    (text.len() == bytes.len()).then_some(text)
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 in lowercase hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}
