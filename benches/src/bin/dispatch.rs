//! `cargo xtask bench`: the dispatcher beside a bare reqwest loop, over TLS on loopback, to a receiver in this process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign::dispatch::{Addresses, Dispatcher, EndpointMap, Options, OutgoingEvent, Resolver, SqliteStore};
use countersign::endpoint::{Endpoint, EventFilter, SigningScheme, UrlPolicy};
use countersign::{Provider, SignOptions, UnixTime, Webhook};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const IN_FLIGHT: usize = 64;
const ROUNDS: usize = 5;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let receiver = Receiver::start().await?;
    println!(
        "Sending: 1 KiB over TLS on loopback, {IN_FLIGHT} in flight, dispatcher and receiver on the same processors"
    );
    pending(&receiver, if quick { 20_000 } else { 1_000_000 }).await?;
    enqueue(&receiver, if quick { 2_000 } else { 50_000 }).await?;
    latency(&receiver, if quick { 200 } else { 5_000 }).await?;
    println!("\n  deliveries per second, and processor time for one, receiver included");
    println!("  endpoints   bare reqwest loop    Dispatcher, SQLite    ratio");
    for endpoints in [1usize, 50, 1_000] {
        let count = if quick { 2_000 } else { 40_000 }.max(endpoints * 2);
        let (mut rates, mut costs) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
        for _ in 0..ROUNDS {
            for which in 0..2 {
                let (rate, cost) = match which {
                    0 => bare(&receiver, endpoints, count).await?,
                    _ => dispatched(&receiver, endpoints, count).await?,
                };
                rates[which].push(rate);
                costs[which].push(cost);
            }
        }
        let ([bare, dispatched], [bare_us, dispatched_us]) = (rates.map(median), costs.map(median));
        let ratio = dispatched / bare * 100.0;
        println!(
            "  {endpoints:>9} {bare:>9.0}/s {bare_us:>4.0} us {dispatched:>9.0}/s {dispatched_us:>4.0} us {ratio:>6.0} %"
        );
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn body() -> Vec<u8> {
    let mut body = br#"{"type":"invoice.paid","data":""#.to_vec();
    body.resize(1022, b'x');
    body.extend(b"\"}");
    body
}

fn host(number: usize) -> String {
    format!("e{number}.receiver.test")
}

struct Loopback;

impl Resolver for Loopback {
    fn addresses(&self, _: String) -> Addresses {
        Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) })
    }
}

fn dispatcher(folder: &Path, root: &str, port: u16, endpoints: usize) -> Result<Dispatcher<SqliteStore>> {
    let map = EndpointMap::new();
    for number in 0..endpoints {
        let scheme = SigningScheme::of(Provider::STANDARD_WEBHOOKS);
        let mut endpoint = Endpoint::new(format!("https://{}:{port}/", host(number)), scheme, SECRET);
        endpoint.events = vec![EventFilter::from(format!("to.{number}").as_str())];
        map.set(format!("endpoint-{number}"), endpoint);
    }
    // One endpoint gets half of the permits at most.
    let in_flight = if endpoints == 1 { 2 * IN_FLIGHT } else { IN_FLIGHT };
    let options = Options::new()
        .policy(UrlPolicy::new().allow_any_port().allow_network("127.0.0.1/32".parse()?))
        .roots_pem(root)
        .resolver(Arc::new(Loopback))
        .in_flight(in_flight)
        .in_flight_per_endpoint(IN_FLIGHT);
    Ok(Dispatcher::with_options(SqliteStore::open(folder.join("deliveries"))?, map, options)?)
}

fn events(endpoints: usize, from: usize, count: usize) -> impl Iterator<Item = OutgoingEvent> {
    let body = body();
    (from..from + count).map(move |number| {
        OutgoingEvent::new(format!("evt_{number}"), format!("to.{}", number % endpoints), body.clone())
    })
}

/// Deliveries per second, and microseconds of processor time for one.
type Speed = (f64, f64);

async fn speed(count: usize, work: impl Future<Output = ()>) -> Speed {
    let (start, before) = (Instant::now(), processor_us());
    work.await;
    (count as f64 / start.elapsed().as_secs_f64(), (processor_us() - before) / count as f64)
}

/// The dispatcher, from the first claim to the last arrival and the last outcome on the disk.
async fn dispatched(receiver: &Receiver, endpoints: usize, count: usize) -> Result<Speed> {
    let folder = tempfile::tempdir()?;
    let dispatcher = dispatcher(folder.path(), &receiver.root, receiver.port, endpoints)?;
    for from in (0..count).step_by(1000) {
        dispatcher.enqueue_all(events(endpoints, from, 1000.min(count - from))).await?;
    }
    let end = receiver.expect(count);
    let worker = dispatcher.clone();
    let speed = speed(count, async {
        let run = tokio::spawn(async move { worker.run(end.notified()).await });
        run.await.unwrap();
    });
    let speed = speed.await;
    assert_eq!((dispatcher.depth().await?, dispatcher.counts().accepted), (0, count as u64));
    Ok(speed)
}

/// The same deliveries, signed and sent as fast as reqwest can, and not remembered anywhere.
async fn bare(receiver: &Receiver, endpoints: usize, count: usize) -> Result<Speed> {
    let mut roots = RootCertStore::empty();
    roots.add(receiver.certificate.clone())?;
    let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().http1_only();
    for number in 0..endpoints {
        client = client.resolve(&host(number), SocketAddr::from((Ipv4Addr::LOCALHOST, receiver.port)));
    }
    let client = client.build()?;
    let webhook = Arc::new(Provider::STANDARD_WEBHOOKS.webhook(SECRET)?);
    let (end, next, port) = (receiver.expect(count), Arc::new(AtomicUsize::new(0)), receiver.port);
    let work = async {
        for _ in 0..IN_FLIGHT {
            let (client, webhook, next) = (client.clone(), Arc::clone(&webhook), Arc::clone(&next));
            tokio::spawn(async move {
                let body = body();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    send(&client, &webhook, &format!("https://{}:{port}/", host(number % endpoints)), number, &body)
                        .await;
                }
            });
        }
        end.notified().await;
    };
    Ok(speed(count, work).await)
}

async fn send(client: &reqwest::Client, webhook: &Webhook, url: &str, number: usize, body: &[u8]) {
    let id = format!("evt_{number}");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let signing = SignOptions::at(UnixTime::from_secs(now)).id(id.as_str());
    let mut request = client.post(url).header("content-type", "application/json");
    for (name, value) in webhook.sign(body, &signing).unwrap() {
        request = request.header(name, value);
    }
    let answer = request.body(body.to_vec()).send().await.unwrap();
    answer.bytes().await.unwrap();
}

async fn enqueue(receiver: &Receiver, count: usize) -> Result<()> {
    for batch in [1, 64, 1000] {
        let folder = tempfile::tempdir()?;
        let dispatcher = dispatcher(folder.path(), &receiver.root, receiver.port, 1)?;
        let count = if batch == 1 { count / 10 } else { count };
        let start = Instant::now();
        for from in (0..count).step_by(batch) {
            dispatcher.enqueue_all(events(1, from, batch)).await?;
        }
        let rate = count as f64 / start.elapsed().as_secs_f64();
        println!("  enqueue, {batch:>4} per call, one caller: {rate:>8.0}/s");
    }
    let folder = tempfile::tempdir()?;
    let dispatcher = dispatcher(folder.path(), &receiver.root, receiver.port, 1)?;
    let start = Instant::now();
    let callers: Vec<_> = (0..64)
        .map(|caller| {
            let dispatcher = dispatcher.clone();
            tokio::spawn(async move {
                for event in events(1, caller * count, count / 64) {
                    dispatcher.enqueue(event).await.unwrap();
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await?;
    }
    let rate = (count / 64 * 64) as f64 / start.elapsed().as_secs_f64();
    println!("  enqueue,    1 per call,  64 callers: {rate:>8.0}/s");
    Ok(())
}

async fn latency(receiver: &Receiver, count: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let dispatcher = dispatcher(folder.path(), &receiver.root, receiver.port, 1)?;
    let end = receiver.expect(count);
    let feeder = dispatcher.clone();
    let feed = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(2));
        for number in 0..count {
            ticks.tick().await;
            let body = format!(r#"{{"sent":{}}}"#, micros());
            feeder.enqueue(OutgoingEvent::new(format!("evt_{number}"), "to.0", body)).await.unwrap();
        }
    });
    dispatcher.run(end.notified()).await;
    feed.await?;
    let mut waits = std::mem::take(&mut *receiver.seen.waits.lock().unwrap());
    waits.sort_unstable();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100] as f64 / 1000.0;
    println!("  from enqueue to the receiver at 500/s: p50 {:.1} ms, p99 {:.1} ms", at(50), at(99));
    Ok(())
}

async fn pending(receiver: &Receiver, count: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let dispatcher = dispatcher(folder.path(), &receiver.root, 9, 1000)?;
    for from in (0..count).step_by(1000) {
        dispatcher.enqueue_all(events(1000, from, 1000)).await?;
    }
    // Nobody listens on that port: attempts fail and are put off, so that claims run too.
    dispatcher.run(tokio::time::sleep(Duration::from_secs(2))).await;
    let pending = dispatcher.depth().await?;
    assert!(pending > 0);
    println!("  memory with {pending} pending: {} MB", resident_kb() / 1024);
    Ok(())
}

fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Of this process, in ticks of 10 ms.
fn processor_us() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * 10_000.0
}

fn micros() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64
}

/// Answers 204 to everything.
struct Receiver {
    port: u16,
    root: String,
    certificate: tokio_rustls::rustls::pki_types::CertificateDer<'static>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    missing: AtomicU64,
    all: Mutex<Arc<Notify>>,
    waits: Mutex<Vec<u64>>,
}

impl Receiver {
    async fn start() -> Result<Self> {
        let made = rcgen::generate_simple_self_signed(["*.receiver.test".to_string()])?;
        let key = made.signing_key.serialize_der().try_into()?;
        let tls = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let seen = Arc::new(Seen::default());
        let counted = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, seen) = (acceptor.clone(), Arc::clone(&counted));
                tokio::spawn(async move { serve(&acceptor, socket, &seen).await });
            }
        });
        Ok(Self { port, root: made.cert.pem(), certificate: made.cert.der().clone(), seen })
    }

    /// Notifies when so many have come.
    fn expect(&self, count: usize) -> Arc<Notify> {
        let end = Arc::new(Notify::new());
        *self.seen.all.lock().unwrap() = Arc::clone(&end);
        self.seen.missing.store(count as u64, Ordering::SeqCst);
        end
    }
}

async fn serve(acceptor: &TlsAcceptor, socket: TcpStream, seen: &Seen) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let mut stream = acceptor.accept(socket).await?;
    let mut bytes = Vec::with_capacity(4096);
    loop {
        let (head, length) = loop {
            if let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
                break (head + 4, content_length(&bytes[..head]));
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        };
        while bytes.len() < head + length {
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        }
        if let Some(sent) = bytes[head..].strip_prefix(br#"{"sent":"#) {
            let sent: u64 = String::from_utf8_lossy(sent).trim_end_matches('}').parse().unwrap();
            seen.waits.lock().unwrap().push(micros().saturating_sub(sent));
        }
        bytes.drain(..head + length);
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
        stream.flush().await?;
        if seen.missing.fetch_sub(1, Ordering::SeqCst) == 1 {
            let all = Arc::clone(&seen.all.lock().unwrap());
            all.notify_one();
        }
    }
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}
