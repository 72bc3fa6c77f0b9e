//! A signature as it was received, and how it is compared with one that was computed.

use alloc::vec::Vec;

use countersign_core::internal::{SignatureBytes, crypto};
use countersign_core::{Algorithm, Encoding};

use crate::finding::Finding;

/// How a received signature is compared with a computed one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    /// All of it is there.
    Whole,
    /// The beginning of it is there, at least eight bytes.
    Beginning,
    /// The end of it is there.
    End,
    /// It is base64 text whose letters have lost their case.
    AnyCase,
}

/// One way to read a signature out of a header.
pub(crate) struct Form {
    pub(crate) algorithm: Algorithm,
    pub(crate) bytes: Vec<u8>,
    pub(crate) compare: Compare,
    pub(crate) findings: Vec<Finding>,
}

impl Form {
    /// Whether this is what was received of a signature that we computed.
    pub(crate) fn matches(&self, mac: &SignatureBytes) -> bool {
        let mac = mac.as_slice();
        let cut = mac.len().saturating_sub(self.bytes.len());
        let part = match self.compare {
            Compare::Whole => mac,
            Compare::Beginning => mac.get(..self.bytes.len()).unwrap_or_default(),
            Compare::End => mac.get(cut..).unwrap_or_default(),
            Compare::AnyCase => {
                let text = crypto::to_base64(mac).to_ascii_lowercase();
                return crypto::same(text.trim_end_matches('=').as_bytes(), &self.bytes);
            }
        };
        // Thousands are compared. Comparing eight bytes at once rules out nearly all of them, and how long it takes tells
        // nothing about a single byte.
        part.first_chunk::<8>() == self.bytes.first_chunk() && crypto::same(part, &self.bytes)
    }

    /// The whole signature, for Ed25519: that computes none to compare with.
    pub(crate) fn whole(&self) -> Option<SignatureBytes> {
        matches!(self.compare, Compare::Whole).then(|| SignatureBytes::from(self.bytes.as_slice()))
    }
}

/// The shortest part of a signature that proves the rest, in bytes.
pub(crate) const SHORTEST_PART: usize = 8;

/// What an encoding is called in evidence.
pub(crate) fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
        Encoding::HexOrBase64 => "hex or base64",
        _ => "another encoding",
    }
}
