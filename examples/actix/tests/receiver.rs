//! The app as a process of its own, over real HTTP.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use ureq::http::{Request, StatusCode};

const SECRET: &str = "It's a Secret to Everybody";

struct App {
    process: Child,
    url: String,
    printed: Lines<BufReader<ChildStdout>>,
}

impl App {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_example-actix"));
        command.env("GITHUB_WEBHOOK_SECRET", SECRET).env("ADDRESS", "127.0.0.1:0");
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut printed = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = printed.next().unwrap().unwrap();
        Self { process, url, printed }
    }

    fn status(&self, request: Request<Vec<u8>>) -> StatusCode {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let (mut parts, body) = request.into_parts();
        parts.uri = self.url.parse().unwrap();
        agent.run(Request::from_parts(parts, body)).unwrap().status()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A delivery as GitHub signs it.
fn signed(id: &str, body: Vec<u8>) -> Request<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&body);
    Request::post("/")
        .header("X-Hub-Signature-256", format!("sha256={}", hex::encode(mac.finalize().into_bytes())))
        .header("X-GitHub-Event", "push")
        .header("X-GitHub-Delivery", id)
        .body(body)
        .unwrap()
}

#[test]
fn what_github_signed_is_handled_once_and_nothing_else_is() {
    let mut app = App::start();
    let mut tampered = signed("1", b"{\"a\":1}".to_vec());
    tampered.body_mut().push(b' ');
    assert_eq!(app.status(tampered), StatusCode::UNAUTHORIZED);
    assert_eq!(app.status(Request::post("/").body(b"{}".to_vec()).unwrap()), StatusCode::BAD_REQUEST);
    assert_eq!(app.status(signed("1", b"{\"a\":1}".to_vec())), StatusCode::OK);
    assert_eq!(app.status(signed("1", b"{\"a\":1}".to_vec())), StatusCode::OK);
    // Larger than actix-web takes by itself.
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(app.status(signed("2", large.into_bytes())), StatusCode::OK);

    let first = app.printed.next().unwrap().unwrap();
    let second = app.printed.next().unwrap().unwrap();
    assert_ne!(first, second, "the repeat was handled too");
    assert!(first.contains("github:body:") && second.contains("github:body:"), "{first} {second}");
}

#[test]
fn it_says_what_is_missing() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_example-actix")).env_remove("GITHUB_WEBHOOK_SECRET").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("GITHUB_WEBHOOK_SECRET"), "{said}");
}
