//! The rules that need no API: endpoints, URLs and addresses, retries and breakers.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use countersign_core::UnixTime;
use countersign_endpoint::management::{planasonix, plandocket, planeconnection};
use countersign_endpoint::retry::{Admission, Breaker, BreakerPolicy, Change, GivenUp, Next, Outcome, RetryPolicy};
use countersign_endpoint::{
    Destination, Endpoint, EndpointCode, EndpointError, EventFilter, Host, UrlParts, UrlPolicy, judge_address,
    judge_url_with,
};
use serde_json::Value;

use crate::{Arguments, Problem, object};

/// As much of the random number as JavaScript has: `random` is from 0 to 1.
const ALL_OF_U64: f64 = 18_446_744_073_709_551_616.0;

pub(crate) fn call(
    name: &str,
    mut given: Arguments,
    read: &dyn Fn(&str) -> Option<UrlParts>,
) -> Result<Value, Problem> {
    match name {
        "endpointProblems" => {
            let policy = policy(&mut given)?;
            Ok(list(given.read::<Endpoint>("endpoint")?.problems_with(&policy, read)))
        }
        "settingsProblems" => Ok(list(match given.text("provider").as_str() {
            "planeconnection" => given.read::<planeconnection::WebhookConfig>("settings")?.problems_with(read),
            "plandocket" => given.read::<plandocket::WebhookConfig>("settings")?.problems_with(read),
            "planasonix" => given.read::<planasonix::WebhookSettings>("settings")?.problems_with(read),
            _ => return Err(Problem::new(EndpointCode::Malformed, "provider")),
        })),
        "wants" => {
            let event_type = given.text("type");
            let mut events = given.list("events").into_iter();
            Ok(events.any(|filter| EventFilter::from(filter.as_str().unwrap_or_default()).matches(&event_type)).into())
        }
        "judgeUrl" => {
            let policy = policy(&mut given)?;
            Ok(destination(&judge_url_with(&given.text("url"), &policy, read)?))
        }
        "judgeAddress" => {
            let policy = policy(&mut given)?;
            let address: IpAddr = given.text("address").parse().map_err(|_| {
                Problem::new(EndpointCode::AddressNotPublic, "").because("It cannot be read as an address.")
            })?;
            judge_address(address, &policy)?;
            Ok(Value::Null)
        }
        "nextAttempt" => {
            let policy = given.read::<RetryPolicy>("policy")?;
            let retry_after = given.optional_text("retryAfter");
            let outcome = if given.take("answered") == true {
                Outcome::Answered { status: given.needed("status")?, retry_after: retry_after.as_deref() }
            } else {
                Outcome::NoAnswer
            };
            let random = given.take("random").as_f64().ok_or(Problem::new(EndpointCode::Malformed, "random"))?;
            let attempt = given.needed("attempt")?;
            Ok(next(policy.next(attempt, &outcome, now(&mut given)?, (random * ALL_OF_U64) as u64)))
        }
        "admit" => {
            let (mut breaker, policy) = breaker(&mut given)?;
            let (word, until) = match breaker.admit(&policy, now(&mut given)?) {
                Admission::Send => ("send", None),
                Admission::Probe => ("probe", None),
                Admission::Wait { until } => ("wait", Some(until)),
            };
            Ok(breaker_answer("admission", word, until, &breaker))
        }
        "record" => {
            let (mut breaker, policy) = breaker(&mut given)?;
            let (word, until) = match breaker.record(given.take("accepted") == true, &policy, now(&mut given)?) {
                Change::None => ("none", None),
                Change::Opened { until } => ("opened", Some(until)),
                Change::Closed => ("closed", None),
                Change::Disable => ("disable", None),
            };
            Ok(breaker_answer("change", word, until, &breaker))
        }
        _ => Err(Problem::new(EndpointCode::Malformed, "call")),
    }
}

/// What JavaScript calls `UrlPolicy`.
fn policy(given: &mut Arguments) -> Result<UrlPolicy, Problem> {
    let mut given = given.object("policy");
    let mut policy = UrlPolicy::new();
    for port in given.list("allowPorts") {
        let port = port.as_u64().and_then(|port| port.try_into().ok());
        policy = policy.allow_port(port.ok_or(Problem::new(EndpointCode::Malformed, "policy.allowPorts"))?);
    }
    for (at, network) in given.list("allowNetworks").into_iter().enumerate() {
        let field = String::from("policy.allowNetworks[") + &at.to_string() + "]";
        let network = network.as_str().unwrap_or_default().parse();
        policy = policy.allow_network(network.map_err(|error| Problem { field, ..Problem::from(error) })?);
    }
    for name in given.list("allowNames") {
        policy = policy.allow_name(name.as_str().unwrap_or_default());
    }
    if given.take("allowAnyPort") == true {
        policy = policy.allow_any_port();
    }
    if given.take("refuseNat64") == true {
        policy = policy.refuse_nat64();
    }
    Ok(policy)
}

fn now(given: &mut Arguments) -> Result<UnixTime, Problem> {
    given.needed("now").map(UnixTime::from_secs)
}

fn breaker(given: &mut Arguments) -> Result<(Breaker, BreakerPolicy), Problem> {
    let breaker = given.read::<Breaker>("breaker")?;
    Ok((breaker, given.read::<BreakerPolicy>("policy")?))
}

fn breaker_answer(what: &str, word: &str, until: Option<UnixTime>, breaker: &Breaker) -> Value {
    // Only a map whose keys are no text could fail, and there is none.
    let breaker = serde_json::to_value(breaker).unwrap_or_default();
    match until {
        Some(until) => object([(what, word.into()), ("until", until.as_secs().into()), ("breaker", breaker)]),
        None => object([(what, word.into()), ("breaker", breaker)]),
    }
}

fn list(problems: Vec<EndpointError>) -> Value {
    problems.into_iter().map(|error| Problem::from(error).to_json()).collect()
}

fn destination(destination: &Destination) -> Value {
    let (host, kind) = match destination.host() {
        Host::Name(name) => (name.to_string(), "name"),
        Host::Address(address) => (address.to_string(), "address"),
    };
    object([
        ("url", destination.as_str().into()),
        ("host", host.into()),
        ("kind", kind.into()),
        ("port", destination.port().into()),
    ])
}

fn next(next: Next) -> Value {
    let because = match next {
        Next::Done => return object([("next", "done".into())]),
        Next::Retry { after } => {
            return object([("next", "retry".into()), ("afterMs", (after.as_millis() as u64).into())]);
        }
        Next::DeadLetter(GivenUp::Exhausted) => "exhausted",
        Next::DeadLetter(GivenUp::Gone) => "gone",
        Next::DeadLetter(GivenUp::Permanent) => "permanent",
    };
    object([("next", "dead_letter".into()), ("because", because.into())])
}
