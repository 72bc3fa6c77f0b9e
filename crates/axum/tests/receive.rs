//! Deliveries through a real router: what reaches the handler, and what the provider is told.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRef, State};
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use countersign::once::{MemoryStore, Outcome};
use countersign::{Code, Provider, UnixTime, Webhook};
use countersign_axum::{Rejection, Verified, once};
use futures_util::stream;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::BodyExt as _;
use sha2::Sha256;
use tower::ServiceExt as _;

const STRIPE: &str = "whsec_jq4Jr3lHSh2nGEWb0KQmPEkVrVxxxxxxx";
const GITHUB: &str = "It's a Secret to Everybody";

#[derive(Clone)]
struct Stripe(Arc<Webhook>);

#[derive(Clone)]
struct GitHub(Arc<Webhook>);

impl AsRef<Webhook> for Stripe {
    fn as_ref(&self) -> &Webhook {
        &self.0
    }
}

impl AsRef<Webhook> for GitHub {
    fn as_ref(&self) -> &Webhook {
        &self.0
    }
}

#[derive(Clone)]
struct App {
    stripe: Stripe,
    github: GitHub,
    store: Arc<MemoryStore>,
    runs: Arc<AtomicUsize>,
    log: Arc<Mutex<Vec<String>>>,
}

impl FromRef<App> for Stripe {
    fn from_ref(app: &App) -> Self {
        app.stripe.clone()
    }
}

impl FromRef<App> for GitHub {
    fn from_ref(app: &App) -> Self {
        app.github.clone()
    }
}

impl App {
    fn new() -> Self {
        Self {
            stripe: Stripe(Arc::new(Provider::STRIPE.webhook(STRIPE).unwrap())),
            github: GitHub(Arc::new(Provider::GITHUB.webhook(GITHUB).unwrap())),
            store: Arc::new(MemoryStore::new(100)),
            runs: Arc::default(),
            log: Arc::default(),
        }
    }

    async fn send(&self, request: Request<Body>) -> Response {
        let router = Router::new()
            .route("/stripe", any(paid))
            .route("/github", any(pushed))
            .route("/logged", any(logged))
            .route("/failing", any(failing))
            .route("/busy", any(busy))
            .with_state(self.clone());
        router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
    }

    fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }
}

async fn paid(State(app): State<App>, event: Verified<Stripe>) -> Response {
    let handler = async || {
        app.runs.fetch_add(1, Ordering::SeqCst);
        Ok::<_, Infallible>((StatusCode::ACCEPTED, "the handler's own answer"))
    };
    once(&*app.store, &event, Duration::from_secs(60), handler, |outcome| panic!("{outcome:?}")).await
}

async fn pushed(event: Verified<GitHub>) -> String {
    event.into_event().provider().to_owned()
}

async fn logged(State(app): State<App>, delivery: Result<Verified<Stripe>, Rejection>) -> Response {
    match delivery {
        Ok(event) => format!("{:?}", event.verified_at() <= UnixTime::now()).into_response(),
        Err(refused) => {
            app.log.lock().unwrap().push(format!("{}: {refused}", refused.code()));
            refused.into_response()
        }
    }
}

async fn failing(State(app): State<App>, event: Verified<Stripe>) -> Response {
    let handler = async || match app.runs.fetch_add(1, Ordering::SeqCst) {
        0 => Err("the database is away"),
        _ => Ok(()),
    };
    let log = |outcome: &Outcome<Response, &str>| app.log.lock().unwrap().push(format!("{outcome:?}"));
    once(&*app.store, &event, Duration::from_secs(60), handler, log).await
}

async fn busy(State(app): State<App>, event: Verified<Stripe>) -> Response {
    let handler = async || {
        app.runs.fetch_add(1, Ordering::SeqCst);
        Ok::<_, Infallible>(StatusCode::SERVICE_UNAVAILABLE)
    };
    once(&*app.store, &event, Duration::from_secs(60), handler, |outcome| panic!("{outcome:?}")).await
}

fn mac(key: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    hex::encode(mac.finalize().into_bytes())
}

/// A delivery as Stripe signs it now.
fn stripe(path: &str, body: impl Into<Bytes>) -> Request<Body> {
    stripe_at(UnixTime::now(), path, body)
}

fn stripe_at(time: UnixTime, path: &str, body: impl Into<Bytes>) -> Request<Body> {
    let (time, body) = (time.as_secs(), body.into());
    let signature = format!("t={time},v1={}", mac(STRIPE, &[format!("{time}.").as_bytes(), &body]));
    Request::post(path).header("Stripe-Signature", signature).body(body.into()).unwrap()
}

fn github(body: &'static [u8]) -> Request<Body> {
    let signature = format!("sha256={}", mac(GITHUB, &[body]));
    Request::post("/github").header("X-Hub-Signature-256", signature).body(body.into()).unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

#[tokio::test]
async fn each_route_has_its_own_webhook() {
    let app = App::new();
    assert_eq!(text(app.send(github(b"{}")).await).await, "github");
    let mut elsewhere = github(b"{}");
    *elsewhere.uri_mut() = "/stripe".parse().unwrap();
    assert_eq!(app.send(elsewhere).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(app.runs(), 0);
}

#[tokio::test]
async fn the_answer_is_the_handlers_and_a_repeat_is_200() {
    let app = App::new();
    let first = app.send(stripe("/stripe", r#"{"id":"evt_1","type":"invoice.paid"}"#)).await;
    assert_eq!(first.status(), StatusCode::ACCEPTED);
    assert_eq!(text(first).await, "the handler's own answer");
    let repeat = app.send(stripe("/stripe", r#"{"id":"evt_1","type":"invoice.paid"}"#)).await;
    assert_eq!((repeat.status(), app.runs()), (StatusCode::OK, 1));
    assert_eq!(text(repeat).await, "");
}

#[tokio::test]
async fn a_handler_that_fails_is_tried_again() {
    let app = App::new();
    assert_eq!(app.send(stripe("/failing", r#"{"id":"evt_1"}"#)).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(*app.log.lock().unwrap(), [r#"Failed("the database is away")"#]);
    assert_eq!(app.send(stripe("/failing", r#"{"id":"evt_1"}"#)).await.status(), StatusCode::OK);
    assert_eq!(app.runs(), 2);
}

#[tokio::test]
async fn an_answer_that_is_no_success_is_given_and_the_delivery_is_handled_again() {
    let app = App::new();
    for runs in 1..=2 {
        let response = app.send(stripe("/busy", r#"{"id":"evt_1"}"#)).await;
        assert_eq!((response.status(), app.runs()), (StatusCode::SERVICE_UNAVAILABLE, runs));
    }
}

#[tokio::test]
async fn what_is_refused_gets_its_status_and_no_reason() {
    let app = App::new();
    let now = UnixTime::now();
    let altered = stripe("/stripe", "{}").map(|_| Body::from("{ }"));
    let unsigned = Request::post("/stripe").body(Body::from("{}")).unwrap();
    let old = stripe_at(UnixTime::from_secs(now.as_secs() - 3600), "/stripe", "{}");
    let opened = Request::get("/stripe").body(Body::empty()).unwrap();
    for (request, code) in [
        (altered, Code::SignatureMismatch),
        (unsigned, Code::HeaderMissing),
        (old, Code::TimestampTooOld),
        (opened, Code::MethodNotAllowed),
    ] {
        let (mut parts, body) = request.into_parts();
        parts.uri = "/logged".parse().unwrap();
        let response = app.send(Request::from_parts(parts, body)).await;
        assert_eq!(response.status().as_u16(), code.status(), "{code}");
        let allow = response.headers().get(header::ALLOW).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(allow, (code == Code::MethodNotAllowed).then(|| "POST".to_owned()));
        assert_eq!(text(response).await, "", "{code}");
        assert!(app.log.lock().unwrap().pop().unwrap().starts_with(code.as_str()));
    }
}

#[tokio::test]
async fn a_body_may_be_larger_than_axum_allows_by_itself() {
    let app = App::new();
    let body = vec![b' '; 3 * 1024 * 1024];
    assert_eq!(app.send(stripe("/logged", body)).await.status(), StatusCode::OK);
    let endless = stream::repeat(Ok::<_, Infallible>(Bytes::from_static(&[b' '; 64 * 1024])));
    let request = stripe("/logged", "").map(|_| Body::from_stream(endless));
    assert_eq!(app.send(request).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(app.log.lock().unwrap().pop().unwrap().contains("limit"));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told_apart() {
    let app = App::new();
    let broken = stream::iter([Ok(Bytes::from("{")), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
    let request = stripe("/logged", "{}").map(|_| Body::from_stream(broken));
    assert_eq!(app.send(request).await.status().as_u16(), Code::BodyIncomplete.status());
    assert!(app.log.lock().unwrap().pop().unwrap().starts_with("body_incomplete: The body broke off"));
}
