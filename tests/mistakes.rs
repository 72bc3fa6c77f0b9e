//! The mistakes of `tests/mistakes/mistakes.json`, as far as Rust can express them: each code, and what its sentence must
//! and must not say.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::error::Error;

use countersign::providers::{github, plane, stripe};
use countersign::{
    Code, Delivery, Event, Keyring, Provider, Scheme, Secret, SecretError, SetupError, UnixTime, Webhook,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    number_of_mistakes: usize,
    mistakes: Vec<Mistake>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mistake {
    id: String,
    did: String,
    provider: Option<String>,
    scheme: Option<Value>,
    secrets: Vec<Given>,
    options: Option<Options>,
    headers: Option<Vec<(String, String)>>,
    body: Option<String>,
    now: Option<u64>,
    js: Option<Value>,
    /// Whether JavaScript has another answer, in a row of its own.
    #[serde(default, rename = "rust")]
    _rust: bool,
    #[serde(default)]
    call: String,
    code: String,
    says: Vec<String>,
    never: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Text(String),
    Secret { secret: String, name: Option<String>, expires: Option<u64> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    dialect: String,
}

/// What came of it: a code or `misuse`, and the sentence.
type Told = (String, String);

#[test]
fn every_mistake_is_told_as_what_it_is() {
    let file: File = serde_json::from_str(include_str!("mistakes/mistakes.json")).unwrap();
    assert_eq!(file.mistakes.len(), file.number_of_mistakes);
    let mut told = 0;
    let mut failures = Vec::new();
    for mistake in file.mistakes.iter().filter(|mistake| mistake.js.is_none()) {
        told += 1;
        let (code, sentence) = tell(mistake);
        let mut wrong = Vec::new();
        if code != mistake.code {
            wrong.push(format!("the code is {code}, not {}", mistake.code));
        }
        wrong
            .extend(mistake.says.iter().filter(|says| !sentence.contains(*says)).map(|says| format!("lacks {says:?}")));
        wrong.extend(
            mistake.never.iter().filter(|never| sentence.contains(*never)).map(|never| format!("has {never:?}")),
        );
        if !wrong.is_empty() {
            failures.push(format!("{} ({}): {}: {sentence}", mistake.id, mistake.did, wrong.join(", ")));
        }
    }
    assert!(failures.is_empty(), "{} of {told} differ:\n{}", failures.len(), failures.join("\n"));
    assert!(told >= 45, "{told} mistakes");
    println!("{told} mistakes");
}

fn tell(mistake: &Mistake) -> Told {
    if mistake.call == "provider" {
        return misuse(mistake.provider.as_deref().unwrap().parse::<Provider>().unwrap_err());
    }
    let webhook = match webhook(mistake) {
        Ok(webhook) => webhook,
        Err(SetupError::Scheme(error)) => return misuse(error),
        Err(SetupError::Secret(error)) => return coded(error.code(), error),
    };
    let Some(headers) = &mistake.headers else {
        return ("none".into(), "the webhook was made".into());
    };
    let delivery = Delivery::new(headers, mistake.body.as_deref().unwrap_or_default());
    match webhook.verify(&delivery, UnixTime::from_secs(mistake.now.unwrap())) {
        Ok(event) if mistake.call == "payload" => payload(&event),
        Ok(_) => ("none".into(), "it is valid".into()),
        Err(error) => coded(error.code(), error),
    }
}

fn payload(event: &Event<'_>) -> Told {
    let read = match event.provider() {
        "github" => event.parse::<github::Payload>().map(drop),
        "plane" => event.parse::<plane::Payload>().map(drop),
        "stripe" => event.parse::<stripe::Payload>().map(drop),
        other => panic!("{other} has no mistakes of this kind"),
    };
    let error = read.unwrap_err();
    coded(error.code(), error)
}

fn webhook(mistake: &Mistake) -> Result<Webhook, SetupError> {
    let keyring = Keyring::new(mistake.secrets.iter().map(Given::secret));
    let Some(name) = &mistake.provider else {
        let scheme: Scheme = serde_json::from_value(mistake.scheme.clone().unwrap()).unwrap();
        return scheme.webhook(keyring);
    };
    let provider: Provider = name.parse().unwrap();
    match &mistake.options {
        None => provider.webhook(keyring).map_err(|error: SecretError| SetupError::Secret(error)),
        Some(options) => provider.pinned(provider.dialect(&options.dialect).unwrap(), keyring),
    }
}

impl Given {
    fn secret(&self) -> Secret {
        match self {
            Self::Text(text) => Secret::new(text),
            Self::Secret { secret, name, expires } => {
                let mut secret = Secret::new(secret);
                if let Some(name) = name {
                    secret = secret.named(name.clone());
                }
                match expires {
                    Some(end) => secret.expires(UnixTime::from_secs(*end)),
                    None => secret,
                }
            }
        }
    }
}

fn coded(code: Code, error: impl Error) -> Told {
    (code.to_string(), error.to_string())
}

fn misuse(error: impl Error) -> Told {
    ("misuse".into(), error.to_string())
}
