//! The app as a process of its own, over real HTTP: every kind of delivery, and what becomes of it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../tests/support/redis_server.rs"]
mod redis_server;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use redis_server::RedisServer;
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;
use ureq::http::{Method, Request, Response};

const SECRET: &str = "whsec_jq4Jr3lHSh2nGEWb0KQmPEkVrVxxxxxxx";

const CAP: usize = 5 * 1024 * 1024;

struct App {
    process: Child,
    url: String,
}

impl App {
    fn start(events: PathBuf, redis: Option<String>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_example-axum"));
        command.env("STRIPE_WEBHOOK_SECRET", SECRET).env("ADDRESS", "127.0.0.1:0").env("EVENTS", events);
        match redis {
            Some(url) => command.env("REDIS_URL", url),
            None => command.env_remove("REDIS_URL"),
        };
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let url = BufReader::new(process.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        Self { process, url }
    }

    fn send(&self, request: Request<Vec<u8>>) -> Response<String> {
        send(&self.url, request)
    }

    fn status(&self, request: Request<Vec<u8>>) -> u16 {
        self.send(request).status().as_u16()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn send(url: &str, mut request: Request<Vec<u8>>) -> Response<String> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    *request.uri_mut() = url.parse().unwrap();
    agent.run(request).unwrap().map(|mut body| body.read_to_string().unwrap())
}

/// A delivery as Stripe signs it now.
fn signed(body: impl Into<Vec<u8>>) -> Request<Vec<u8>> {
    signed_before(0, body)
}

fn signed_before(seconds: u64, body: impl Into<Vec<u8>>) -> Request<Vec<u8>> {
    let body = body.into();
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - seconds;
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{time}.").as_bytes());
    mac.update(&body);
    let signature = format!("t={time},v1={}", hex::encode(mac.finalize().into_bytes()));
    Request::post("/").header("Stripe-Signature", signature).body(body).unwrap()
}

fn with(mut request: Request<Vec<u8>>, name: &'static str, value: &'static str) -> Request<Vec<u8>> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

fn paid(id: &str) -> Vec<u8> {
    json!({ "id": id, "object": "event", "type": "invoice.paid" }).to_string().into()
}

/// What the handler has written, a line for each run.
fn lines(folder: &TempDir) -> Vec<Value> {
    let text = fs::read_to_string(folder.path().join("events")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn start() -> (App, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (App::start(folder.path().join("events"), None), folder)
}

#[test]
fn bytes_are_verified_as_they_came() {
    let (app, folder) = start();
    let json = "application/json";
    let bom = [b"\xef\xbb\xbf", paid("evt_bom").as_slice()].concat();
    let large = format!("{{\"id\": \"evt_large\", \"note\": \"{}\"}}", "x".repeat(150 * 1024));
    let deliveries: Vec<(&str, Request<Vec<u8>>, usize)> = vec![
        ("plain JSON", with(signed(paid("evt_1")), "content-type", json), paid("evt_1").len()),
        ("missing content-type", signed(paid("evt_2")), paid("evt_2").len()),
        ("a byte order mark", with(signed(bom.clone()), "content-type", json), bom.len()),
        ("invalid UTF-8", with(signed(b"{\"id\": \"\xff\xfe\"}"), "content-type", json), 12),
        ("not JSON", with(signed("plain text"), "content-type", json), 10),
        ("an empty body", signed(""), 0),
        ("150 KB", with(signed(large.clone()), "content-type", json), large.len()),
        ("at the cap", signed(vec![b' '; CAP]), CAP),
        ("bytes called gzip", with(signed(b"\x1f\x8b\x08\x00"), "content-encoding", "gzip"), 4),
        ("a form", with(signed("id=evt_3"), "content-type", "application/x-www-form-urlencoded"), 8),
    ];
    for (index, (name, request, bytes)) in deliveries.into_iter().enumerate() {
        let response = app.send(request);
        assert_eq!((response.status().as_u16(), response.body().as_str()), (200, ""), "{name}");
        let lines = lines(&folder);
        assert_eq!(lines.len(), index + 1, "{name}");
        assert_eq!(lines[index]["bytes"], bytes, "{name}");
    }
    assert_eq!(lines(&folder)[0]["type"], "invoice.paid");
    assert_eq!(lines(&folder)[0]["key"], "stripe:id:evt_1");
}

#[test]
fn refusals_are_uniform_and_reach_no_handler() {
    let (app, folder) = start();
    let post = |body: &[u8]| Request::post("/").body(body.to_vec()).unwrap();
    let mut tampered = signed(paid("evt_1"));
    tampered.body_mut()[10] ^= 1;
    let reserialized = {
        let (parts, body) = signed(paid("evt_1")).into_parts();
        Request::from_parts(parts, [&body[..], b"\n"].concat())
    };
    let refused = [
        ("tampered", tampered, 401),
        ("reserialized", reserialized, 401),
        ("unsigned", post(b"{}"), 400),
        ("nonsense", with(post(b"{}"), "stripe-signature", "nonsense"), 400),
        ("too old", signed_before(400, paid("evt_1")), 401),
        ("over the cap", signed(vec![b' '; CAP + 1]), 413),
    ];
    for (name, request, status) in refused {
        let response = app.send(request);
        assert_eq!((response.status().as_u16(), response.body().as_str()), (status, ""), "{name}");
    }
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let mut request = Request::new(Vec::new());
        *request.method_mut() = method;
        let response = app.send(request);
        assert_eq!((response.status().as_u16(), response.body().as_str()), (405, ""));
        assert_eq!(response.headers()["allow"], "POST");
    }
    assert!(lines(&folder).is_empty());
}

#[test]
fn a_repeat_is_answered_200_and_handled_once() {
    let (app, folder) = start();
    for _ in 0..3 {
        assert_eq!(app.status(signed(paid("evt_1"))), 200);
    }
    assert_eq!(lines(&folder).len(), 1);
}

#[test]
fn a_failing_handler_is_500_until_it_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let app = App::start(missing.join("events"), None);
    for _ in 0..2 {
        let response = app.send(signed(paid("evt_1")));
        assert_eq!((response.status().as_u16(), response.body().as_str()), (500, ""));
    }
    fs::create_dir(&missing).unwrap();
    assert_eq!(app.status(signed(paid("evt_1"))), 200);
    assert_eq!(app.status(signed(paid("evt_1"))), 200);
    assert_eq!(fs::read_to_string(missing.join("events")).unwrap().lines().count(), 1);
}

#[test]
fn while_a_handler_runs_a_repeat_is_409_with_retry_after() {
    let folder = tempfile::tempdir().unwrap();
    // Whoever writes into a pipe waits for its reader: the handler runs for as long as we want.
    let pipe = folder.path().join("events");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let app = App::start(pipe.clone(), None);
    let (answers, answered) = std::sync::mpsc::channel();
    for _ in 0..2 {
        let (url, answers) = (app.url.clone(), answers.clone());
        thread::spawn(move || answers.send(send(&url, signed(paid("evt_1")))).unwrap());
    }
    let in_progress = answered.recv().unwrap();
    assert_eq!((in_progress.status().as_u16(), in_progress.body().as_str()), (409, ""));
    let seconds: u64 = in_progress.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");

    let line = BufReader::new(fs::File::open(&pipe).unwrap()).lines().next().unwrap().unwrap();
    assert!(line.contains("stripe:id:evt_1"));
    assert_eq!(answered.recv().unwrap().status(), 200);
    assert_eq!(app.status(signed(paid("evt_1"))), 200);
}

#[test]
fn two_apps_with_one_redis_handle_each_event_once() {
    let Some(server) = RedisServer::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let apps = [0, 1].map(|_| App::start(folder.path().join("events"), Some(server.url())));
    thread::scope(|scope| {
        for app in &apps {
            scope.spawn(|| {
                for number in 0..200 {
                    // What is in progress at the other is sent again, as Stripe does.
                    while app.status(signed(paid(&format!("evt_{number}")))) != 200 {}
                }
            });
        }
    });
    let mut keys: Vec<String> = lines(&folder).iter().map(|line| line["key"].to_string()).collect();
    assert_eq!(keys.len(), 200);
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 200);

    // Without its store a receiver handles nothing; Stripe tries again.
    drop(server);
    assert_eq!(apps[0].status(signed(paid("evt_new"))), 503);
    assert_eq!(lines(&folder).len(), 200);
}

#[test]
fn it_says_what_is_missing_or_wrong() {
    for (secret, expected) in [(None, "STRIPE_WEBHOOK_SECRET"), (Some("sk_test_123"), "signing secret")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_example-axum"));
        command.env_remove("STRIPE_WEBHOOK_SECRET").env("ADDRESS", "127.0.0.1:0");
        if let Some(secret) = secret {
            command.env("STRIPE_WEBHOOK_SECRET", secret);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(expected) && !said.contains("sk_test_123"), "{said}");
    }
}
