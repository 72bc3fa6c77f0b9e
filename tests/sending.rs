//! The rules of sending by tests/sending/cases.json, which tests/node/endpoints.test.mjs runs through the npm package.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::time::Duration;

use countersign::UnixTime;
use countersign::endpoint::management::{ApiRequest, planasonix, plandocket, planeconnection};
use countersign::endpoint::retry::{Admission, Breaker, BreakerPolicy, Change, GivenUp, Next, Outcome, RetryPolicy};
use countersign::endpoint::{Endpoint, EndpointError, LogFilter, UrlPolicy};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

const TOKEN: &str = "TOPSECRET-token";

fn cases(kind: &str, at_least: usize) -> Vec<Value> {
    let mut all: Value = serde_json::from_str(include_str!("sending/cases.json")).unwrap();
    let cases = all[kind].take();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= at_least, "{kind}: {}", cases.len());
    cases.clone()
}

fn told<T>(read: Result<T, serde_json::Error>, problems: impl Fn(T) -> Vec<EndpointError>) -> Value {
    match read {
        Ok(settings) => problems(settings).iter().map(|error| json!([error.code().as_str(), error.field()])).collect(),
        Err(_) => json!([["malformed", ""]]),
    }
}

fn policy(case: &Value) -> UrlPolicy {
    let mut policy = UrlPolicy::new();
    let list = |name: &str| case["policy"][name].as_array().cloned().unwrap_or_default();
    for port in list("allowPorts") {
        policy = policy.allow_port(from_value(port).unwrap());
    }
    for network in list("allowNetworks") {
        policy = policy.allow_network(network.as_str().unwrap().parse().unwrap());
    }
    for name in list("allowNames") {
        policy = policy.allow_name(name.as_str().unwrap());
    }
    if case["policy"]["allowAnyPort"] == true {
        policy = policy.allow_any_port();
    }
    if case["policy"]["refuseNat64"] == true {
        policy = policy.refuse_nat64();
    }
    policy
}

#[test]
fn problems_of_endpoints() {
    let all: Value = serde_json::from_str(include_str!("sending/cases.json")).unwrap();
    for case in cases("endpointProblems", 67) {
        let mut settings = all["sound"].clone();
        for (name, value) in case["change"].as_object().unwrap() {
            settings[name] = value.clone();
        }
        let problems = told(from_value(settings), |endpoint: Endpoint| endpoint.problems(&policy(&case)));
        assert_eq!(problems, case["problems"], "{case}");
    }
}

#[test]
fn problems_of_providers_settings() {
    for case in cases("settingsProblems", 16) {
        let settings = case["settings"].clone();
        let problems = match case["provider"].as_str().unwrap() {
            "planeconnection" => told(from_value(settings), |s: planeconnection::WebhookConfig| s.problems()),
            "plandocket" => told(from_value(settings), |s: plandocket::WebhookConfig| s.problems()),
            _ => told(from_value(settings), |s: planasonix::WebhookSettings| s.problems()),
        };
        assert_eq!(problems, case["problems"], "{case}");
    }
}

#[test]
fn which_events_are_wanted() {
    let all: Value = serde_json::from_str(include_str!("sending/cases.json")).unwrap();
    for case in cases("wants", 7) {
        let mut settings = all["sound"].clone();
        settings["events"] = case[0].clone();
        settings["active"] = case[1].clone();
        let endpoint: Endpoint = from_value(settings).unwrap();
        assert_eq!(endpoint.wants(case[2].as_str().unwrap()), case[3], "{case}");
    }
}

#[test]
fn what_comes_after_an_attempt() {
    for case in cases("nextAttempt", 34) {
        let policy: RetryPolicy = from_value(case["policy"].clone()).unwrap();
        let outcome = match case["outcome"]["status"].as_u64() {
            Some(status) => Outcome::Answered {
                status: status.try_into().unwrap(),
                retry_after: case["outcome"]["retryAfter"].as_str(),
            },
            None => Outcome::NoAnswer,
        };
        // What JavaScript's number from 0 to 1 is here.
        let random = (case["random"].as_f64().unwrap() * 2f64.powi(64)) as u64;
        let now = UnixTime::from_secs(case["now"].as_u64().unwrap());
        let next = match policy.next(from_value(case["attempt"].clone()).unwrap(), &outcome, now, random) {
            Next::Done => json!({ "next": "done" }),
            Next::Retry { after } => {
                assert_eq!(Duration::from_millis(after.as_millis() as u64), after);
                json!({ "next": "retry", "afterMs": after.as_millis() as u64 })
            }
            Next::DeadLetter(why) => {
                let because = match why {
                    GivenUp::Exhausted => "exhausted",
                    GivenUp::Gone => "gone",
                    GivenUp::Permanent => "permanent",
                };
                json!({ "next": "dead_letter", "because": because })
            }
        };
        assert_eq!(next, case["next"], "{case}");
    }
}

#[test]
fn how_breakers_move() {
    for case in cases("breakers", 4) {
        let policy: BreakerPolicy = from_value(case["policy"].clone()).unwrap();
        let mut breaker = Breaker::default();
        for step in case["steps"].as_array().unwrap() {
            let now = UnixTime::from_secs(step["now"].as_u64().unwrap());
            let (name, word, until) = if step["admit"] == true {
                let (word, until) = match breaker.admit(&policy, now) {
                    Admission::Send => ("send", None),
                    Admission::Probe => ("probe", None),
                    Admission::Wait { until } => ("wait", Some(until)),
                };
                ("admission", word, until)
            } else {
                let (word, until) = match breaker.record(step["record"] == true, &policy, now) {
                    Change::None => ("none", None),
                    Change::Opened { until } => ("opened", Some(until)),
                    Change::Closed => ("closed", None),
                    Change::Disable => ("disable", None),
                };
                ("change", word, until)
            };
            assert_eq!(step[name], word, "{}: {step}", case["about"]);
            assert_eq!(until.map(UnixTime::as_secs), step["until"].as_u64(), "{step}");
            if !step["breaker"].is_null() {
                assert_eq!(to_value(breaker).unwrap(), step["breaker"], "{step}");
            }
        }
    }
}

/// What a case asks for: the request or, where it has one, what the answer says.
fn outcome<R: DeserializeOwned + Serialize>(
    case: &Value,
    request: Result<ApiRequest<R>, EndpointError>,
) -> Result<Value, EndpointError> {
    let request = request?;
    if let Some(body) = case["body"].as_str() {
        let reply = request.reply(from_value(case["status"].clone()).unwrap(), body.as_bytes())?;
        return Ok(to_value(reply).unwrap());
    }
    let body: Value = match request.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).unwrap(),
    };
    Ok(json!({ "method": request.method(), "url": request.url(), "body": body }))
}

fn filter(input: &Value) -> LogFilter {
    let text = |name: &str| input[name].as_str().map(String::from);
    let time = |name: &str| input[name].as_u64().map(UnixTime::from_secs);
    let mut filter = LogFilter::new();
    filter.webhook_id = text("webhook_id");
    filter.event_type = text("event_type");
    filter.status = text("status").map(Into::into);
    filter.date_from = time("date_from");
    filter.date_to = time("date_to");
    filter.limit = input["limit"].as_i64();
    filter.offset = input["offset"].as_i64();
    filter
}

fn run(case: &Value) -> Result<Value, EndpointError> {
    let token = case["token"].as_str().unwrap_or(TOKEN);
    let (operation, input) = (case["operation"].as_str().unwrap(), case["input"].clone());
    if case["api"] == "plandocket" {
        let api = plandocket::Api::at(case["base"].as_str().unwrap(), token)?;
        let id = || case["id"].as_i64().unwrap();
        return match operation {
            "list" => outcome(case, Ok(api.list())),
            "get" => outcome(case, Ok(api.get(id()))),
            "create" => outcome(case, api.create(&from_value(input).unwrap())),
            "delete" => outcome(case, Ok(api.delete(id()))),
            "events" => outcome(case, Ok(api.events())),
            other => panic!("{other}"),
        };
    }
    let api = match case["base"].as_str() {
        Some(base) => planeconnection::Api::at(base, token)?,
        None => planeconnection::Api::new(token)?,
    };
    let id = case["id"].as_str().unwrap_or_default();
    match operation {
        "list" => outcome(case, Ok(api.list())),
        "get" => outcome(case, api.get(id)),
        "create" => outcome(case, api.create(&from_value(input).unwrap())),
        "update" => outcome(case, api.update(id, &from_value(input).unwrap())),
        "delete" => outcome(case, api.delete(id)),
        "test" => outcome(case, api.test(id, &from_value(input).unwrap())),
        "events" => outcome(case, Ok(api.events())),
        "logs" => outcome(case, api.logs(&filter(&input))),
        other => panic!("{other}"),
    }
}

#[test]
fn requests_of_the_management_apis() {
    for case in cases("requests", 50) {
        match run(&case) {
            Ok(request) => assert_eq!(request, case["request"], "{case}"),
            Err(error) => assert_eq!(json!([error.code().as_str(), error.field()]), case["problem"], "{case}"),
        }
    }
}

#[test]
fn answers_of_the_management_apis() {
    for case in cases("replies", 33) {
        match run(&case) {
            Ok(reply) => {
                assert!(case["problem"].is_null(), "{case}");
                assert_eq!(reply, case["reply"], "{case}");
            }
            Err(error) => {
                assert_eq!(error.code().as_str(), case["problem"], "{case}");
                assert!(!format!("{error} {error:?}").contains("TOPSECRET"));
            }
        }
    }
}
