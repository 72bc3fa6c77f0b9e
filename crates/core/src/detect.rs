//! Says to which provider headers belong, by a look at names and prefixes. Nothing is verified.

use crate::crypto::Algorithm;
use crate::delivery::{Delivery, HeaderPair};
use crate::provider::Provider;
use crate::providers::PRESETS;
use crate::scheme::Scheme;

/// The provider whose signature header is there in the form it writes, or `None`.
///
/// Resend sends through Svix with the very same headers, so its deliveries are reported as `svix`.
///
/// ```
/// let headers = [("X-Webhook-Signature", "v1=00"), ("X-Webhook-Timestamp", "1704067200")];
/// assert_eq!(countersign::detect(&headers), Some(countersign::Provider::PLANDOCKET));
/// ```
pub fn detect<'a, H>(headers: H) -> Option<Provider>
where
    H: IntoIterator,
    H::Item: HeaderPair<'a>,
{
    position(&Delivery::new(headers, b"")).and_then(|at| Provider::ALL.get(at).copied())
}

/// The provider's place in the list of all.
pub(crate) fn position(delivery: &Delivery<'_>) -> Option<usize> {
    PRESETS.iter().position(|preset| {
        let mut automatic = preset.dialects.iter().filter(|dialect| dialect.auto);
        preset.detectable && automatic.any(|dialect| is_written_by(&dialect.scheme(), delivery))
    })
}

fn is_written_by(scheme: &Scheme, delivery: &Delivery<'_>) -> bool {
    let header = &scheme.signature;
    let prefixes = [scheme.prefix_of(scheme.algorithm), scheme.prefix_of(Algorithm::Ed25519)];
    let starts = |item: &[u8]| {
        prefixes.into_iter().flatten().any(|prefix| item.trim_ascii_start().starts_with(prefix.as_bytes()))
    };
    delivery
        .values(&header.header)
        .any(|value| header.prefix_optional || value.split(|b| header.separator.as_bytes().contains(b)).any(starts))
}
