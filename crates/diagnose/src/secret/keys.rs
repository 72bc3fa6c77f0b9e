//! The keys that our secrets may stand for.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use countersign_core::internal::{Key, crypto, key_from_text, secret_parts};
use countersign_core::{Algorithm, KeyFormat, Scheme, Secret, UnixTime};
use zeroize::Zeroizing;

use crate::decode;
use crate::finding::{Finding, with};
use crate::report::cause::CauseCode;
use crate::report::facts::facts;
use crate::secret::spellings::spellings;

/// A key to try.
pub(crate) struct Candidate {
    /// The name of the secret that it comes from.
    pub(crate) name: Cow<'static, str>,
    pub(crate) key: Key,
    pub(crate) findings: Vec<Finding>,
    /// Whether it is the most probable key of its secret. Other keys are tried later.
    pub(crate) first: bool,
}

/// Every key that these secrets may stand for, the most probable of each secret first.
pub(crate) fn candidates(scheme: &Scheme, secrets: &[Secret], wrong_kinds: &[&str], now: UnixTime) -> Vec<Candidate> {
    let mut all = Vec::new();
    for secret in secrets {
        let expired = secret.end().filter(|end| now > *end).map(|end| {
            let evidence = facts! { "key": secret.name().as_ref(), "expired_at": end.as_secs(), "now": now.as_secs() };
            Finding::new(CauseCode::SecretExpired, evidence)
        });
        let mut list = List { scheme, secret, expired, seen: Vec::new(), found: Vec::new() };
        match secret.text() {
            None => list.push(secret.keys(scheme, wrong_kinds).ok().and_then(|mut keys| keys.pop()), None, &[]),
            Some(text) => {
                for part in secret_parts(text, scheme) {
                    list.of_text(part, wrong_kinds);
                }
            }
        }
        all.append(&mut list.found);
    }
    all
}

struct List<'l> {
    scheme: &'l Scheme,
    secret: &'l Secret,
    expired: Option<Finding>,
    /// Digests of the keys that are there already.
    seen: Vec<[u8; 32]>,
    found: Vec<Candidate>,
}

impl List<'_> {
    fn push(&mut self, key: Option<Key>, bytes: Option<&[u8]>, findings: &[Finding]) {
        let Some(key) = key else { return };
        if let Some(bytes) = bytes {
            let digest = crypto::sha256(&[bytes, &[key.algorithm() as u8]].concat());
            if self.seen.contains(&digest) {
                return;
            }
            self.seen.push(digest);
        }
        let mut findings = findings.to_vec();
        findings.extend(self.expired.clone());
        let first = self.found.is_empty();
        self.found.push(Candidate { name: self.secret.name().clone(), key, findings, first });
    }

    fn bytes(&mut self, bytes: &[u8], findings: &[Finding]) {
        if !bytes.is_empty() {
            self.push(Key::hmac(self.scheme.algorithm, bytes), Some(bytes), findings);
        }
    }

    fn of_text(&mut self, text: &str, wrong_kinds: &[&str]) {
        let spellings = spellings(text);
        for (spelling, findings) in &spellings {
            if let Ok(key) = key_from_text(spelling, self.scheme, wrong_kinds) {
                self.push(Some(key), key_bytes(spelling, self.scheme.key).as_deref().map(Vec::as_slice), findings);
            }
        }
        for (spelling, findings) in spellings.iter().filter(|(_, findings)| findings.len() < 2) {
            for (read_as, bytes) in readings(spelling) {
                let evidence = facts! { "used_as": name_of(self.scheme.key), "right": read_as };
                let findings = with(findings, Finding::new(CauseCode::SecretEncoding, evidence));
                self.bytes(&bytes, &findings);
            }
        }
        // The same key with another algorithm: then the length of the signature says which.
        let bytes = spellings.first().and_then(|(spelling, _)| key_bytes(spelling, self.scheme.key));
        for &(algorithm, name) in &[
            (Algorithm::HmacSha256, "hmac-sha256"),
            (Algorithm::HmacSha512, "hmac-sha512"),
            (Algorithm::HmacSha1Legacy, "hmac-sha1-legacy"),
        ] {
            if let Some(bytes) = bytes.as_ref().filter(|bytes| !bytes.is_empty() && algorithm != self.scheme.algorithm)
            {
                let finding = Finding::new(CauseCode::SignatureAlgorithm, facts! { "right": name });
                self.push(Key::hmac(algorithm, bytes), Some(bytes), &[finding]);
            }
        }
    }
}

const fn name_of(format: KeyFormat) -> &'static str {
    match format {
        KeyFormat::Utf8 => "text",
        KeyFormat::Base64 => "base64",
        KeyFormat::Hex => "hex",
        KeyFormat::Whsec => "base64 after whsec_",
        KeyFormat::Ed25519 => "an Ed25519 key",
        _ => "another format",
    }
}

/// The key bytes of a text in this format.
fn key_bytes(text: &str, format: KeyFormat) -> Option<Zeroizing<Vec<u8>>> {
    match format {
        KeyFormat::Utf8 => Some(Zeroizing::new(text.as_bytes().to_vec())),
        KeyFormat::Base64 => crypto::base64_secret(text),
        KeyFormat::Hex => crypto::hex(text),
        KeyFormat::Whsec => {
            let text = text.strip_prefix("v1,").unwrap_or(text);
            crypto::base64_secret(text.strip_prefix("whsec_").unwrap_or(text))
        }
        _ => None,
    }
}

/// The key bytes that a text can stand for in every format, and the name of the format.
fn readings(text: &str) -> Vec<(&'static str, Zeroizing<Vec<u8>>)> {
    let bare = text.strip_prefix("whsec_").unwrap_or(text);
    let url_safe = |text: &str| decode::base64(text.as_bytes()).map(Zeroizing::new);
    let utf8 = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    let mut all = alloc::vec![("text", Some(utf8(text)))];
    if bare.len() < text.len() {
        all.push(("text without whsec_", Some(utf8(bare))));
        all.push(("hex after whsec_", crypto::hex(bare)));
        all.push(("base64 after whsec_", crypto::base64_secret(bare)));
        all.push(("URL-safe base64 after whsec_", url_safe(bare)));
    }
    all.push(("hex", crypto::hex(text)));
    all.push(("base64", crypto::base64_secret(text)));
    all.push(("URL-safe base64", url_safe(text)));
    // The bytes that a program has decoded and kept as characters.
    all.push((
        "bytes",
        text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>().map(Zeroizing::new),
    ));
    all.push(("text: its base64 form", Some(utf8(&crypto::to_base64(text.as_bytes())))));
    all.push(("text: its hex form", Some(utf8(&crypto::to_hex(text.as_bytes())))));
    all.into_iter().filter_map(|(name, bytes)| Some((name, bytes?))).collect()
}
