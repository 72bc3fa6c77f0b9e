//! Which addresses a host has: every one is judged before the client may connect to it.

use core::error::Error;
use core::fmt;
use core::future::Future;
use core::net::{IpAddr, SocketAddr};
use core::pin::Pin;
use std::sync::Arc;

use countersign_endpoint::{UrlPolicy, judge_address};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The future of a list of addresses.
pub type Addresses = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a host. What it answers is judged, and connected to without asking again.
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of a name.
    fn addresses(&self, name: String) -> Addresses;
}

/// Resolves names as the machine does.
pub(crate) struct SystemResolver;

impl Resolver for SystemResolver {
    fn addresses(&self, name: String) -> Addresses {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 443)).await?.map(|found| found.ip()).collect()) })
    }
}

/// Resolves names, and refuses the addresses that the policy does not allow.
pub(crate) struct JudgedResolver {
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) policy: Arc<UrlPolicy>,
}

/// No address was found.
#[derive(Debug)]
pub(crate) struct NotFound;

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no address was found")
    }
}

impl Error for NotFound {}

impl Resolve for JudgedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, policy) = (self.resolver.addresses(name.as_str().into()), Arc::clone(&self.policy));
        Box::pin(async move {
            let found = found.await.map_err(|_| NotFound)?;
            // One bad address refuses the name: an attacker would mix them.
            for address in &found {
                judge_address(*address, &policy)?;
            }
            if found.is_empty() {
                return Err(NotFound.into());
            }
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}
