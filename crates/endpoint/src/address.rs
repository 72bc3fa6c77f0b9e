//! Which IP addresses a delivery may go to: those on the public internet, and networks that the operator allows.
//!
//! Judge every address that a name resolves to, at every send, and connect to exactly these addresses.

use alloc::format;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use crate::error::{EndpointCode, EndpointError};
use crate::policy::UrlPolicy;

/// A range of addresses in CIDR notation, such as `10.0.0.0/8`. One address alone is a range of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    first: IpAddr,
    prefix: u8,
}

impl Network {
    const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Self {
        Self { first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix }
    }

    const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Self {
        Self { first: IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)), prefix }
    }

    /// Whether the address lies in the range. An IPv4 address written as IPv6 (`::ffff:…`) counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                (first.to_bits() ^ address.to_bits()).checked_shr(32 - u32::from(self.prefix)).unwrap_or(0) == 0
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                (first.to_bits() ^ address.to_bits()).checked_shr(128 - u32::from(self.prefix)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let invalid = EndpointError::new(EndpointCode::NetworkInvalid);
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().map_err(|_| invalid.clone())?;
        let bits: u8 = if first.is_ipv4() { 32 } else { 128 };
        // Mapped addresses are judged as IPv4, so a range of them would never match.
        if first.to_canonical() != first {
            return Err(invalid.because("Write IPv4 networks as IPv4."));
        }
        let prefix = match prefix {
            None => bits,
            Some(digits) if digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().ok().filter(|prefix| *prefix <= bits).ok_or_else(|| invalid.clone())?
            }
            Some(_) => return Err(invalid),
        };
        let rest = match first {
            IpAddr::V4(first) => u128::from(first.to_bits().checked_shl(prefix.into()).unwrap_or(0)),
            IpAddr::V6(first) => first.to_bits().checked_shl(prefix.into()).unwrap_or(0),
        };
        if rest != 0 {
            return Err(invalid.because("The address has bits after the prefix."));
        }
        Ok(Self { first, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

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

/// Ranges inside of it that are not the public internet.
const NOT_PUBLIC_V6: &[(Network, &str)] = &[
    // With Teredo, benchmarks and ORCHID. IANA marks a few blocks in it as reachable; none of them serves HTTPS.
    (Network::v6(0x2001, 0, 0, 23), "for protocols"),
    (Network::v6(0x2001, 0xdb8, 0, 32), "for documentation"),
    (Network::v6(0x2002, 0, 0, 16), "6to4, which ends at a relay or at any IPv4 address"),
    (Network::v6(0x3fff, 0, 0, 20), "for documentation"),
];

/// IPv4 behind a translator.
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
