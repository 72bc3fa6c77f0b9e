//! Which IP addresses a delivery may go to: those on the public internet, and networks that the operator allows.
//!
//! Judge every address that a name resolves to, at every send, and connect to exactly these addresses.

use alloc::format;
use core::net::{IpAddr, Ipv4Addr};

use crate::error::{EndpointCode, EndpointError};
use crate::network::Network;
use crate::policy::UrlPolicy;

/// IPv4 ranges that are not the public internet (IANA's registry of special addresses, and what clouds add to it).
const NOT_PUBLIC_V4: &[(Network, &str)] = &[
    (Network::v4(0, 0, 0, 0, 8), "this network"),
    (Network::v4(10, 0, 0, 0, 8), "private"),
    (Network::v4(100, 64, 0, 0, 10), "shared by carriers and overlay networks"),
    (Network::v4(127, 0, 0, 0, 8), "this machine"),
    (Network::v4(168, 63, 129, 16, 32), "Azure's host agent"),
    (Network::v4(169, 254, 0, 0, 16), "link-local, where clouds answer with credentials"),
    (Network::v4(172, 16, 0, 0, 12), "private"),
    (Network::v4(192, 0, 0, 0, 24), "for protocols, and Oracle's metadata"),
    (Network::v4(192, 0, 2, 0, 24), "for documentation"),
    (Network::v4(192, 88, 99, 0, 24), "for relays of 6to4"),
    (Network::v4(192, 168, 0, 0, 16), "private"),
    (Network::v4(198, 18, 0, 0, 15), "for benchmarks"),
    (Network::v4(198, 51, 100, 0, 24), "for documentation"),
    (Network::v4(203, 0, 113, 0, 24), "for documentation"),
    (Network::v4(224, 0, 0, 0, 4), "multicast"),
    (Network::v4(240, 0, 0, 0, 4), "reserved"),
];

/// All that is routed publicly in IPv6 lies here, so everything else is refused without a list.
const PUBLIC_V6: Network = Network::v6(0x2000, 0, 0, 3);

/// Ranges inside of [`PUBLIC_V6`] that are not the public internet.
const NOT_PUBLIC_V6: &[(Network, &str)] = &[
    // With Teredo, benchmarks and ORCHID. IANA marks a few blocks in it as reachable; none of them serves HTTPS.
    (Network::v6(0x2001, 0, 0, 23), "for protocols"),
    (Network::v6(0x2001, 0xdb8, 0, 32), "for documentation"),
    (Network::v6(0x2002, 0, 0, 16), "6to4, which ends at a relay or at any IPv4 address"),
    (Network::v6(0x3fff, 0, 0, 20), "for documentation"),
];

/// IPv4 addresses written as IPv6, for a translator (NAT64).
const NAT64: Network = Network::v6(0x64, 0xff9b, 0, 96);

/// Whether a delivery may go to this address.
///
/// # Errors
/// `address_not_public`, with the range as detail.
pub fn judge_address(address: IpAddr, policy: &UrlPolicy) -> Result<(), EndpointError> {
    let address = address.to_canonical();
    if policy.allows_address(address) {
        return Ok(());
    }
    let refused = EndpointError::new(EndpointCode::AddressNotPublic);
    let (ranges, address) = match address {
        IpAddr::V4(_) => (NOT_PUBLIC_V4, address),
        IpAddr::V6(_) if PUBLIC_V6.contains(address) => (NOT_PUBLIC_V6, address),
        IpAddr::V6(inside) if NAT64.contains(address) && policy.judges_nat64() => {
            let [.., a, b, c, d] = inside.octets();
            (NOT_PUBLIC_V4, IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
        }
        IpAddr::V6(_) => return Err(refused.because(format!("Public IPv6 addresses are in {PUBLIC_V6}."))),
    };
    match ranges.iter().find(|(range, _)| range.contains(address)) {
        Some((range, what)) => Err(refused.because(format!("{range} is {what}."))),
        None => Ok(()),
    }
}
