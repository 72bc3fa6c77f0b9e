//! Requests of the management APIs, and the reading of their answers.

use countersign_core::UnixTime;
use countersign_endpoint::management::{ApiRequest, plandocket, planeconnection};
use countersign_endpoint::{EndpointCode, LogFilter, UrlParts};
use serde::de::DeserializeOwned;
use serde_json::Map;

use super::arguments::Arguments;
use super::problem::Problem;
use super::reply::Reply;

/// The request; or, if the question holds an answer to it, what that says.
pub(super) fn request(mut given: Arguments, read: &dyn Fn(&str) -> Option<UrlParts>) -> Result<Reply, Problem> {
    let (token, base, operation) = (given.text("token"), given.text("base"), given.text("operation"));
    if given.text("api") == "plandocket" {
        let api = plandocket::Api::at_with(&base, token, read)?;
        return match operation.as_str() {
            "list" => done(&mut given, &api.list()),
            "get" => {
                let id = number(&mut given)?;
                done(&mut given, &api.get(id))
            }
            "create" => {
                let config = given.read("input")?;
                done(&mut given, &api.create_with(&config, read)?)
            }
            "delete" => {
                let id = number(&mut given)?;
                done(&mut given, &api.delete(id))
            }
            _ => done(&mut given, &api.events()),
        };
    }
    let api = if base.is_empty() {
        planeconnection::Api::new(token)?
    } else {
        planeconnection::Api::at_with(&base, token, read)?
    };
    let id = given.text("id");
    match operation.as_str() {
        "list" => done(&mut given, &api.list()),
        "get" => done(&mut given, &api.get(&id)?),
        "create" => {
            let config = given.read("input")?;
            done(&mut given, &api.create_with(&config, read)?)
        }
        "update" => {
            let config = given.read("input")?;
            done(&mut given, &api.update_with(&id, &config, read)?)
        }
        "delete" => done(&mut given, &api.delete(&id)?),
        "test" => {
            let mut input = given.object("input");
            let event = planeconnection::TestEvent::new(input.text("event_type"), input.take("payload"));
            done(&mut given, &api.test(&id, &event)?)
        }
        "logs" => {
            let filter = filter(&mut given)?;
            done(&mut given, &api.logs(&filter)?)
        }
        _ => done(&mut given, &api.events()),
    }
}

fn number(given: &mut Arguments) -> Result<i64, Problem> {
    given.needed("id").map_err(|problem| Problem { code: EndpointCode::IdInvalid, ..problem })
}

fn filter(given: &mut Arguments) -> Result<LogFilter, Problem> {
    let mut fields = given.object("input");
    let invalid = |problem| Problem { code: EndpointCode::FilterInvalid, ..problem };
    let mut filter = LogFilter::new();
    filter.webhook_id = fields.optional_text("webhook_id");
    filter.event_type = fields.optional_text("event_type");
    filter.status = fields.optional_text("status").map(Into::into);
    filter.date_from = fields.number("date_from").map_err(invalid)?.map(UnixTime::from_secs);
    filter.date_to = fields.number("date_to").map_err(invalid)?.map(UnixTime::from_secs);
    filter.limit = fields.number("limit").map_err(invalid)?;
    filter.offset = fields.number("offset").map_err(invalid)?;
    Ok(filter)
}

fn done<T: DeserializeOwned>(given: &mut Arguments, request: &ApiRequest<T>) -> Result<Reply, Problem> {
    let mut reply = given.object("reply");
    match reply.number("status")? {
        Some(status) => Ok(Reply::Api(request.checked_reply(status, reply.text("body").as_bytes())?)),
        None => {
            let mut headers = Map::new();
            for (name, value) in request.headers() {
                headers.insert(name.into(), value.into());
            }
            let body = core::str::from_utf8(request.body()).unwrap_or_default().into();
            Ok(Reply::Request { method: request.method(), url: request.url().into(), headers, body })
        }
    }
}
