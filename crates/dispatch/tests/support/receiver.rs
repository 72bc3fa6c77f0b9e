//! A receiver over real TLS on 127.0.0.1, with a certificate of its own for `receiver.test`, that answers as it is told.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

pub enum Reply {
    /// The whole answer.
    Text(String),
    Bytes(Vec<u8>),
    /// The whole answer; then it hangs up, which the answer did not say.
    Last(String),
    /// A head, then a body that never ends.
    Endless,
    /// A head that never ends.
    EndlessHead,
    /// A head, then one byte of its body every 100 ms.
    Slow,
    /// One byte of a head every 100 ms.
    SlowHead,
    /// Waits for a permit, then answers with this status.
    Held(Arc<Semaphore>, u16),
    /// Nothing: hangs up.
    Nothing,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self::with(status, "", "")
    }

    pub fn with(status: u16, headers: &str, body: &str) -> Self {
        Self::Text(format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()))
    }
}

#[derive(Clone)]
pub struct Request {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Whom it is, and whom it wants to talk to.
#[derive(Clone)]
pub struct Settings {
    pub name: String,
    pub expired: bool,
    /// The certificate that a client has to show.
    pub client: Option<CertificateDer<'static>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { name: "receiver.test".into(), expired: false, client: None }
    }
}

/// What it has seen.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<Request>>,
    /// Requests that are being answered, by `webhook-id`.
    answering: Mutex<HashMap<String, usize>>,
    overlaps: AtomicUsize,
    written: AtomicUsize,
}

pub struct Receiver {
    pub port: u16,
    /// What a client has to trust.
    pub root_pem: String,
    seen: Arc<Seen>,
}

impl Receiver {
    /// Answers the n-th request, from 0, with what the function says.
    pub async fn start(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(Settings::default(), reply).await
    }

    pub async fn with(settings: Settings, reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        let mut params = rcgen::CertificateParams::new([settings.name]).unwrap();
        if settings.expired {
            params.not_before = rcgen::date_time_ymd(2019, 1, 1);
            params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        }
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let provider = Arc::new(default_provider());
        let tls = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let tls = match settings.client {
            None => tls.unwrap().with_no_client_auth(),
            Some(client) => {
                let mut roots = RootCertStore::empty();
                roots.add(client).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
                tls.unwrap().with_client_cert_verifier(verifier)
            }
        };
        let der = key.serialize_der().try_into().unwrap();
        let tls = tls.with_single_cert(vec![certificate.der().clone()], der).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, reply) = (Arc::<Seen>::default(), Arc::new(reply));
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let (acceptor, seen, reply) = (acceptor.clone(), Arc::clone(&shared), Arc::clone(&reply));
                // A client that hangs up is none of the receiver's business.
                tokio::spawn(async move { serve(acceptor, socket, &seen, &*reply).await.ok() });
            }
        });
        Self { port, root_pem: certificate.pem(), seen }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.requests.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.seen.requests.lock().unwrap().len()
    }

    /// How often each `webhook-id` has come.
    pub fn ids(&self) -> HashMap<String, usize> {
        let mut ids = HashMap::new();
        for request in self.seen.requests.lock().unwrap().iter() {
            *ids.entry(request.header("webhook-id").unwrap().to_string()).or_default() += 1;
        }
        ids
    }

    /// How often a request came while another of the same `webhook-id` had no answer yet.
    pub fn overlaps(&self) -> usize {
        self.seen.overlaps.load(Ordering::SeqCst)
    }

    /// Bytes of endless answers that went out.
    pub fn written(&self) -> usize {
        self.seen.written.load(Ordering::SeqCst)
    }
}

async fn serve(
    acceptor: TlsAcceptor,
    socket: TcpStream,
    seen: &Seen,
    reply: &(impl Fn(usize, &Request) -> Reply + Sync),
) -> std::io::Result<()> {
    let mut stream = acceptor.accept(socket).await?;
    while let Some(request) = read(&mut stream).await? {
        let id = request.header("webhook-id").unwrap_or_default().to_string();
        let number = {
            let mut answering = seen.answering.lock().unwrap();
            let same = answering.entry(id.clone()).or_default();
            *same += 1;
            if *same > 1 {
                seen.overlaps.fetch_add(1, Ordering::SeqCst);
            }
            let mut requests = seen.requests.lock().unwrap();
            requests.push(request.clone());
            requests.len() - 1
        };
        let reply = reply(number, &request);
        let held = match &reply {
            Reply::Held(gate, _) => Some(gate.acquire().await.unwrap()),
            _ => None,
        };
        // The next attempt may begin as soon as the answer is sent.
        *seen.answering.lock().unwrap().get_mut(&id).unwrap() -= 1;
        match &reply {
            Reply::Text(text) => stream.write_all(text.as_bytes()).await?,
            Reply::Bytes(bytes) => stream.write_all(bytes).await?,
            Reply::Last(text) => {
                stream.write_all(text.as_bytes()).await?;
                return stream.shutdown().await;
            }
            Reply::Endless => endless(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 8192], None, seen).await?,
            Reply::EndlessHead => endless(&mut stream, b"HTTP/1.1 200 OK\r\nx: ", &[b'x'; 8192], None, seen).await?,
            Reply::Slow => endless(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n", b"x", Some(100), seen).await?,
            Reply::SlowHead => endless(&mut stream, b"HTTP/1.1 200 OK\r\nx: ", b"x", Some(100), seen).await?,
            Reply::Held(_, status) => {
                drop(held);
                stream.write_all(format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").as_bytes()).await?;
            }
            Reply::Nothing => return Ok(()),
        }
        stream.flush().await?;
    }
    Ok(())
}

/// Until the client hangs up.
async fn endless(
    stream: &mut TlsStream<TcpStream>,
    head: &[u8],
    again: &[u8],
    every_ms: Option<u64>,
    seen: &Seen,
) -> std::io::Result<()> {
    stream.write_all(head).await?;
    loop {
        stream.write_all(again).await?;
        seen.written.fetch_add(again.len(), Ordering::SeqCst);
        if let Some(ms) = every_ms {
            stream.flush().await?;
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }
}

async fn read(stream: &mut TlsStream<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let mut body = bytes.split_off(head + 4);
    let text = String::from_utf8(bytes).unwrap();
    let path = text.split(' ').nth(1).unwrap().to_string();
    let lines = text.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = lines.map(|(name, value)| (name.to_lowercase(), value.to_string())).collect();
    let request = Request { path, headers, body: Vec::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Request { body, ..request }))
}
