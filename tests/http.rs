//! A plain `http::Request` is a delivery in one line, whatever its body is kept in.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use countersign::{Delivery, Provider, UnixTime, Webhook};
use http::Request;

/// From GitHub's page: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
const SECRET: &str = "It's a Secret to Everybody";
const SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const BODY: &str = "Hello, World!";

fn accepted<B: AsRef<[u8]>>(webhook: &Webhook, request: &Request<B>) -> bool {
    let delivery = Delivery::new(request.headers(), request.body());
    webhook
        .verify(&delivery, UnixTime::from_secs(1_767_225_600))
        .is_ok_and(|event| event.raw() == request.body().as_ref())
}

#[test]
fn any_body_that_is_bytes_will_do() {
    let webhook = Provider::GITHUB.webhook(SECRET).unwrap();
    let post = || Request::post("/").header("X-Hub-Signature-256", SIGNATURE);
    assert!(accepted(&webhook, &post().body(Bytes::from_static(BODY.as_bytes())).unwrap()));
    assert!(accepted(&webhook, &post().body(BODY.as_bytes().to_vec()).unwrap()));
    assert!(accepted(&webhook, &post().body(BODY.as_bytes()).unwrap()));
    assert!(accepted(&webhook, &post().body(BODY.to_string()).unwrap()));
    assert!(!accepted(&webhook, &post().body(Bytes::from_static(b"Hello, World?")).unwrap()));
    assert!(!accepted(&webhook, &Request::post("/").body(Bytes::from_static(BODY.as_bytes())).unwrap()));
}
