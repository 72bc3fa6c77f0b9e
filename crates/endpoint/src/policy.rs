//! What an operator allows beyond HTTPS on port 443 to the public internet.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::network::Network;

/// What is allowed beyond the default, which is public hosts on port 443. It never allows anything but HTTPS.
///
/// ```
/// use countersign::endpoint::UrlPolicy;
/// let in_our_cluster = UrlPolicy::new().allow_port(8443).allow_network("10.20.0.0/16".parse()?).allow_name("receiver");
/// # Ok::<(), countersign::endpoint::EndpointError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlPolicy {
    ports: Vec<u16>,
    any_port: bool,
    networks: Vec<Network>,
    names: Vec<String>,
    refuse_nat64: bool,
}

impl UrlPolicy {
    /// Public hosts on port 443.
    #[must_use]
    pub const fn new() -> Self {
        Self { ports: Vec::new(), any_port: false, networks: Vec::new(), names: Vec::new(), refuse_nat64: false }
    }

    /// Allows one more port.
    #[must_use]
    pub fn allow_port(mut self, port: u16) -> Self {
        self.ports.push(port);
        self
    }

    /// Allows every port: for settings of a provider's management API, whose provider decides about ports.
    #[must_use]
    pub const fn allow_any_port(mut self) -> Self {
        self.any_port = true;
        self
    }

    /// Allows the addresses of one network, although they are not public.
    #[must_use]
    pub fn allow_network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    /// Allows one host name, although it is not public. Its addresses are judged all the same.
    #[must_use]
    pub fn allow_name(mut self, name: impl Into<String>) -> Self {
        let mut name = name.into();
        name.make_ascii_lowercase();
        self.names.push(name);
        self
    }

    /// Refuses 64:ff9b::/96 as a whole. By default the IPv4 address inside it is judged, since networks with IPv6 only
    /// reach all of IPv4 through it.
    #[must_use]
    pub const fn refuse_nat64(mut self) -> Self {
        self.refuse_nat64 = true;
        self
    }

    pub(crate) fn allows_port(&self, port: u16) -> bool {
        port == 443 || self.any_port || self.ports.contains(&port)
    }

    pub(crate) fn allows_name(&self, name: &str) -> bool {
        self.names.iter().any(|allowed| allowed == name)
    }

    pub(crate) fn allows_address(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }

    pub(crate) const fn judges_nat64(&self) -> bool {
        !self.refuse_nat64
    }
}
