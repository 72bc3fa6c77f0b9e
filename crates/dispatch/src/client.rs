//! The HTTP client: one for all endpoints, which connects to no address but those that were judged.

use core::error::Error;
use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_endpoint::{ClientIdentity, EndpointError, UrlPolicy};
use reqwest::header::RETRY_AFTER;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::attempt_error::AttemptError;
use crate::error::{DispatchCode, DispatchError};
use crate::preview::MOST_READ;
use crate::resolver::{JudgedResolver, NotFound, Resolver};

/// A receiver's answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Client {
    pub(crate) policy: Arc<UrlPolicy>,
    resolver: Arc<dyn Resolver>,
    /// The root certificates; those of the machine where there are none.
    roots: Vec<CertificateDer<'static>>,
    /// How many connections to a host are kept: as many as there may be attempts at a time, since endpoints share
    /// hosts.
    idle: usize,
    pub(crate) shared: reqwest::Client,
    /// reqwest gives a client one certificate, so each client certificate needs a client of its own.
    with_identity: Mutex<HashMap<String, reqwest::Client>>,
}

/// How many of these clients are kept. When there are more, all are dropped, and made again as they are needed.
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

/// Sends a request and reads the beginning of the answer.
pub(crate) async fn exchange(request: reqwest::RequestBuilder) -> Result<Answer, AttemptError> {
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
        .dns_resolver(Arc::new(JudgedResolver { resolver: Arc::clone(resolver), policy: Arc::clone(policy) }))
        // A proxy would resolve names itself, past our judgement.
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

/// The first cause of an error that is known here. The error's text has the URL in it, and is thrown away.
fn failure(error: &reqwest::Error) -> AttemptError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<EndpointError>() {
            return refused.code().into();
        }
        if error.is::<NotFound>() {
            return AttemptError::Dns;
        }
        if error.is::<rustls::Error>() {
            return AttemptError::Tls;
        }
        // `source` of an I/O error leaves out the error that it wraps.
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inside) => Some(inside),
            None => error.source(),
        };
    }
    if error.is_timeout() {
        AttemptError::Timeout
    } else if error.is_connect() {
        AttemptError::Connect
    } else {
        AttemptError::CutOff
    }
}
