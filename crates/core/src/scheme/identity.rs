//! What tells a scheme of one's own from every other one, so that no two share replay keys.

use alloc::borrow::Cow;
use alloc::string::String;

use super::{Scheme, Text};
use crate::crypto;
use crate::time::push_number;

/// The longest name; that of a digest below is longer, so nobody can give a scheme the name of another one's digest.
const LONGEST_NAME: usize = 64;

impl Scheme {
    /// Whether the name can be one, if there is one.
    pub(super) fn has_good_name(&self) -> bool {
        self.name.as_deref().is_none_or(|name| {
            (1..=LONGEST_NAME).contains(&name.len())
                && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
        })
    }

    /// How replay keys of this scheme begin: by its name, or else by a digest of all that it says but how long.
    pub(crate) fn replay_name(&self) -> String {
        match &self.name {
            Some(name) => ["custom/", name].concat(),
            None => ["custom/sha256-", &crypto::sha256_hex(self.written().as_bytes())].concat(),
        }
    }

    /// One line for each part that says something, in this order: `part:length in bytes:value`. Stores remember what is
    /// made of it, so a part that is added to schemes later is added at the end, and writes nothing where it is left out.
    fn written(&self) -> String {
        let (signature, key, algorithm) = (&self.signature, self.key.as_str(), self.algorithm.as_str());
        let text = |text: &Option<Text>| text.clone().unwrap_or_default();
        let lower = |header: &str| Cow::Owned(header.to_ascii_lowercase());
        let time = self.timestamp.as_ref();
        let mut all = String::new();
        for (part, value) in [
            ("signature.header", lower(&signature.header)),
            ("signature.prefix", signature.prefix.clone()),
            ("signature.prefixOptional", if signature.prefix_optional { "true" } else { "" }.into()),
            ("signature.ed25519Prefix", text(&signature.ed25519_prefix)),
            ("signature.separator", signature.separator.clone()),
            ("signature.encoding", signature.encoding.as_str().into()),
            ("timestamp.header", time.map(|time| lower(&time.header)).unwrap_or_default()),
            ("timestamp.field", time.map(|time| time.field.clone()).unwrap_or_default()),
            ("timestamp.format", time.map_or("", |time| time.format.as_str()).into()),
            ("id.header", self.id.as_ref().map(|id| lower(&id.header)).unwrap_or_default()),
            ("signed", self.signed.clone()),
            ("signedIfEmpty", text(&self.signed_if_empty)),
            ("key", key.into()),
            ("algorithm", algorithm.into()),
            ("event.type", text(&self.event.event_type)),
            ("event.id", text(&self.event.id)),
            ("event.form", text(&self.event.form)),
        ] {
            if !value.is_empty() {
                all.extend([part, ":"]);
                push_number(&mut all, value.len() as u64, 1);
                all.extend([":", &value, "\n"]);
            }
        }
        all
    }
}
