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

use super::arguments::Arguments;
use super::problem::Problem;
use super::reply::{BreakerReply, NextAttempt, Reply};

/// As much of the random number as JavaScript has: `random` is from 0 to 1.
const ALL_OF_U64: f64 = 18_446_744_073_709_551_616.0;

pub(super) fn call(
    name: &str,
    mut given: Arguments,
    read: &dyn Fn(&str) -> Option<UrlParts>,
) -> Result<Reply, Problem> {
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
            let matches = |filter: &str| EventFilter::from(filter).matches(&event_type);
            Ok(Reply::Flag(events.any(|filter| matches(filter.as_str().unwrap_or_default()))))
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
            Ok(Reply::Nothing)
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
            Ok(Reply::Breaker(BreakerReply { admission: Some(word), change: None, until, breaker }))
        }
        "record" => {
            let (mut breaker, policy) = breaker(&mut given)?;
            let (word, until) = match breaker.record(given.take("accepted") == true, &policy, now(&mut given)?) {
                Change::None => ("none", None),
                Change::Opened { until } => ("opened", Some(until)),
                Change::Closed => ("closed", None),
                Change::Disable => ("disable", None),
            };
            Ok(Reply::Breaker(BreakerReply { admission: None, change: Some(word), until, breaker }))
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

fn list(problems: Vec<EndpointError>) -> Reply {
    Reply::Problems(problems.into_iter().map(|error| Problem::from(error).said()).collect())
}

fn destination(destination: &Destination) -> Reply {
    let (host, kind) = match destination.host() {
        Host::Name(name) => (name.to_string(), "name"),
        Host::Address(address) => (address.to_string(), "address"),
    };
    Reply::Destination { url: destination.as_str().into(), host, kind, port: destination.port() }
}

fn next(next: Next) -> Reply {
    let (next, after, because) = match next {
        Next::Done => ("done", None, None),
        Next::Retry { after } => ("retry", Some(after.as_millis() as u64), None),
        Next::DeadLetter(GivenUp::Exhausted) => ("dead_letter", None, Some("exhausted")),
        Next::DeadLetter(GivenUp::Gone) => ("dead_letter", None, Some("gone")),
        Next::DeadLetter(GivenUp::Permanent) => ("dead_letter", None, Some("permanent")),
    };
    Reply::Next(NextAttempt { next, after_ms: after, because })
}
