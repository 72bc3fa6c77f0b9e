//! The HTTP client: one for all endpoints, which connects to no address but those that were judged.

use core::error::Error;
use core::fmt;
use core::future::Future;
use core::net::{IpAddr, SocketAddr};
use core::pin::Pin;
use core::time::Duration;
use std::collections::HashMap;
use std::string::{String, ToString as _};
use std::sync::{Arc, Mutex, PoisonError};

use countersign_endpoint::{ClientIdentity, EndpointError, UrlPolicy, judge_address};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::RETRY_AFTER;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::error::{DispatchCode, DispatchError};
use crate::preview::MOST_READ;

/// A list of addresses that is still being looked up.
pub type Addresses = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a host. What it answers is judged, and connected to without asking again.
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of a name.
    fn addresses(&self, name: String) -> Addresses;
}

/// As the machine resolves names.
pub(crate) struct SystemResolver;

impl Resolver for SystemResolver {
    fn addresses(&self, name: String) -> Addresses {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 443)).await?.map(|found| found.ip()).collect()) })
    }
}

struct Vetting {
    resolver: Arc<dyn Resolver>,
    policy: Arc<UrlPolicy>,
}

/// No address was found.
#[derive(Debug)]
struct NotFound;

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no address was found")
    }
}

impl Error for NotFound {}

impl Resolve for Vetting {
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

/// A receiver's answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Why there was none, as one word.
pub(crate) type Failure = &'static str;

pub(crate) struct Client {
    pub(crate) policy: Arc<UrlPolicy>,
    resolver: Arc<dyn Resolver>,
    /// Instead of the machine's, if there are any.
    roots: Vec<CertificateDer<'static>>,
    /// How many connections to a host are kept: as many as there may be attempts at a time, since endpoints share hosts.
    idle: usize,
    pub(crate) shared: reqwest::Client,
    /// A client certificate belongs to a client: one for each.
    with_identity: Mutex<HashMap<String, reqwest::Client>>,
}

/// Beyond that all are made anew.
const MOST_IDENTITIES: usize = 64;

impl Client {
    pub(crate) fn new(
        policy: Arc<UrlPolicy>,
        resolver: Arc<dyn Resolver>,
        roots_pem: Option<&[u8]>,
        idle: usize,
    ) -> Result<Self, DispatchError> {
        let invalid = || DispatchError::new(DispatchCode::TlsInvalid);
        let roots: Vec<_> = match roots_pem {
            Some(pem) => CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| invalid())?,
            None => Vec::new(),
        };
        if roots_pem.is_some() && roots.is_empty() {
            return Err(invalid());
        }
        let shared = client(&policy, &resolver, &roots, idle, None).ok_or_else(invalid)?;
        Ok(Self { policy, resolver, roots, idle, shared, with_identity: Mutex::default() })
    }

    pub(crate) fn with_identity(&self, identity: &ClientIdentity) -> Option<reqwest::Client> {
        let mut clients = self.with_identity.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&identity.certificate) {
            return Some(client.clone());
        }
        if clients.len() >= MOST_IDENTITIES {
            clients.clear();
        }
        let client = client(&self.policy, &self.resolver, &self.roots, self.idle, Some(identity))?;
        clients.insert(identity.certificate.clone(), client.clone());
        Some(client)
    }
}

/// Sends it and reads the beginning of the answer.
pub(crate) async fn exchange(request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
    let mut response = request.send().await.map_err(|error| failure(&error))?;
    let mut answer = Answer {
        status: response.status().as_u16(),
        retry_after: response.headers().get(RETRY_AFTER).and_then(|value| Some(value.to_str().ok()?.to_string())),
        body: Vec::new(),
    };
    while answer.body.len() < MOST_READ {
        let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? else { break };
        answer.body.extend(chunk.iter().take(MOST_READ - answer.body.len()));
    }
    Ok(answer)
}

fn client(
    policy: &Arc<UrlPolicy>,
    resolver: &Arc<dyn Resolver>,
    roots: &[CertificateDer<'static>],
    idle: usize,
    identity: Option<&ClientIdentity>,
) -> Option<reqwest::Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    let tls = if roots.is_empty() {
        tls.with_platform_verifier().ok()?
    } else {
        let mut store = rustls::RootCertStore::empty();
        for root in roots {
            store.add(root.clone()).ok()?;
        }
        tls.with_root_certificates(store)
    };
    let tls = match identity {
        None => tls.with_no_client_auth(),
        Some(identity) => {
            let chain = CertificateDer::pem_slice_iter(identity.certificate.as_bytes());
            let key = PrivateKeyDer::from_pem_slice(identity.private_key.expose().as_bytes()).ok()?;
            tls.with_client_auth_cert(chain.collect::<Result<_, _>>().ok()?, key).ok()?
        }
    };
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(Vetting { resolver: Arc::clone(resolver), policy: Arc::clone(policy) }))
        // A proxy would resolve names itself.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .https_only(true)
        .referer(false)
        .http1_only()
        .connect_timeout(Duration::from_secs(5))
        .pool_max_idle_per_host(idle)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .build()
        .ok()
}

/// The word for what is deepest in an error. Its text has the URL in it and is thrown away.
fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<EndpointError>() {
            return refused.code().as_str();
        }
        if error.is::<NotFound>() {
            return "dns";
        }
        if error.is::<rustls::Error>() {
            return "tls";
        }
        // What an I/O error is made of is not its source.
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inside) => Some(inside),
            None => error.source(),
        };
    }
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "cut_off"
    }
}
