//! The native half of the demo: deliveries as they were captured are verified, then each is spoiled by a mistake that happens
//! in practice, and `diagnose` proves which one it was. It fails if an answer is not the right one.

use std::process::ExitCode;

use countersign::diagnose::{DiagnoseOptions, diagnose};
use countersign::{Delivery, Provider, UnixTime};
use serde_json::Value;

/// Captured from the providers, or from their own pages and tests; main.mjs sends the same.
const DELIVERIES: &str = include_str!("deliveries.json");

/// Real ones to verify: provider, name in the file, the secret, the time at which it arrives, and the event that it is.
const REAL: &[(Provider, &str, &str, u64, Option<&str>)] = &[
    (Provider::PLANE, "issue.created", PLANE_SECRET, NOW, Some("issue.created")),
    (Provider::PLANE, "issue.updated", PLANE_SECRET, NOW, Some("issue.updated")),
    (Provider::PLANE, "issue_comment.created", PLANE_SECRET, NOW, Some("issue_comment.created")),
    (Provider::PLANE, "project.deleted", PLANE_SECRET, NOW, Some("project.deleted")),
    (Provider::PLANECONNECTION, "trip.created", "whsec_your_signing_secret", NOW, Some("trip.created")),
    // The bodies of these two are examples, which name no event.
    (Provider::SVIX, "known answer", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SVIX_TIME, None),
    (Provider::GITHUB, "hello", "It's a Secret to Everybody", NOW, None),
];

const PLANE_SECRET: &str = "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5";
const NOW: u64 = 1_767_225_600;
const SVIX_TIME: u64 = 1_614_265_330;

/// A captured delivery, and what is done to it.
#[derive(Clone)]
struct Sent {
    headers: Vec<(String, String)>,
    body: String,
    secret: String,
}

/// What is done, and the cause that has to be proven.
struct Mistake {
    done: &'static str,
    cause: &'static str,
    spoil: fn(&mut Sent),
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        done: "a JSON parser came first, and its data was written again",
        cause: "body_reserialized",
        spoil: |sent| {
            if let Ok(parsed) = serde_json::from_str::<Value>(&sent.body) {
                sent.body = parsed.to_string();
            }
        },
    },
    Mistake {
        done: "the body was saved by an editor that ends files with a line break",
        cause: "body_newline_added",
        spoil: |sent| sent.body.push('\n'),
    },
    Mistake {
        done: "the secret was read from a file, line break included",
        cause: "secret_whitespace",
        spoil: |sent| sent.secret.push('\n'),
    },
    Mistake {
        done: "the secret has the quotes of the .env file around it",
        cause: "secret_quoted",
        spoil: |sent| sent.secret = format!("\"{}\"", sent.secret),
    },
    Mistake {
        done: "a database column was too short for the signature",
        cause: "signature_truncated",
        spoil: |sent| {
            for (name, value) in &mut sent.headers {
                if name == "X-Plane-Signature" {
                    value.truncate(48);
                }
            }
        },
    },
];

fn main() -> ExitCode {
    let Ok(file) = serde_json::from_str::<Value>(DELIVERIES) else { return ExitCode::FAILURE };
    println!("countersign {}, in Rust: deliveries as captured, verified", env!("CARGO_PKG_VERSION"));
    println!("A check mark means that the answer, be it a refusal, is the right one.\n");
    let mut wrong = 0;
    for (provider, name, secret, now, event) in REAL {
        wrong += usize::from(!verified(&sent(&file, provider.name(), name, secret), *provider, *now, *event));
    }
    println!("\nOne of them, spoiled by what happens in practice, and the cause that is proven by undoing it\n");
    for mistake in MISTAKES {
        wrong += usize::from(!explained(&sent(&file, "plane", "issue.created", PLANE_SECRET), mistake));
    }
    println!("\n{} passed, {wrong} failed", REAL.len() + MISTAKES.len() - wrong);
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A delivery of the file.
fn sent(file: &Value, provider: &str, name: &str, secret: &str) -> Sent {
    let delivery = file.pointer(&format!("/captured/{provider}/{name}")).unwrap_or(&Value::Null);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let headers = delivery["headers"].as_object().into_iter().flatten();
    Sent {
        headers: headers.map(|(name, value)| (name.clone(), text(value))).collect(),
        body: text(&delivery["body"]),
        secret: secret.to_owned(),
    }
}

/// Verifies it and prints what it is; says whether that is right.
fn verified(sent: &Sent, provider: Provider, now: u64, event: Option<&str>) -> bool {
    let delivery = Delivery::new(&sent.headers, &sent.body);
    let answer = match provider.webhook(sent.secret.as_str()) {
        Ok(webhook) => webhook.verify(&delivery, UnixTime::from_secs(now)),
        Err(error) => {
            println!("✗ {:<16} {error}", provider.title());
            return false;
        }
    };
    let (right, said) = match &answer {
        Ok(found) => (found.event_type() == event, found.event_type().unwrap_or("authentic; its body names no event")),
        Err(error) => (false, error.code().as_str()),
    };
    println!("{} {:<16} {said}", mark(right), provider.title());
    right
}

/// Makes the mistake, asks for the cause and prints it; says whether that is right.
fn explained(sent: &Sent, mistake: &Mistake) -> bool {
    let mut sent = sent.clone();
    (mistake.spoil)(&mut sent);
    let delivery = Delivery::new(&sent.headers, &sent.body);
    let now = UnixTime::from_secs(NOW);
    let diagnosis = diagnose(Provider::PLANE, sent.secret.as_str(), &delivery, now, &DiagnoseOptions::new());
    let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.code.as_str()).collect();
    let right = causes == [mistake.cause] && diagnosis.causes.iter().all(|cause| cause.proven);
    println!("{} {}", mark(right), mistake.done);
    for cause in &diagnosis.causes {
        println!("    {}: {}\n    Fix: {}", cause.code, cause.message, cause.fix);
    }
    if !right {
        println!("    expected the cause {}", mistake.cause);
    }
    right
}

fn mark(right: bool) -> char {
    if right { '✓' } else { '✗' }
}
