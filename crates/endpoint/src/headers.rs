//! Which custom headers an endpoint may add: none that HTTP, the client or signing writes.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::is_header_name;
use countersign_core::{Provider, Scheme};

use crate::error::{EndpointCode, EndpointError};

/// The headers that say where a message goes and where it ends, and those that a proxy reads.
const OF_HTTP: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

const PREFIXES: &[&str] = &["proxy-", "webhook-", "svix-"];

const MAX_BYTES: usize = 8192;

/// Servers that read headers as CGI variables cannot tell `-` from `_`, and none can tell cases apart.
fn as_servers_read(name: &str) -> String {
    name.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
}

fn written_by(scheme: &Scheme) -> impl Iterator<Item = &str> {
    let others = [scheme.timestamp.as_ref().map(|time| &time.header), scheme.id.as_ref().map(|id| &id.header)];
    others.into_iter().flatten().chain([&scheme.signature.header]).map(|name| &**name).filter(|name| !name.is_empty())
}

/// Whether a custom header of this name would replace one that is not the endpoint's to write: those of HTTP, those of
/// every known scheme (so that no endpoint can pose as a provider), and those of its own.
fn is_reserved(name: &str, own: Option<&Scheme>, provider: Option<Provider>) -> bool {
    let read = as_servers_read(name);
    let is = |other: &str| as_servers_read(other) == read;
    OF_HTTP.contains(&read.as_str())
        || PREFIXES.iter().any(|prefix| read.starts_with(prefix))
        || own.is_some_and(|scheme| written_by(scheme).any(is))
        || provider.is_some_and(|provider| provider.about().sends.iter().any(|(name, _)| is(name)))
        || Provider::ALL.iter().flat_map(|p| p.dialects()).any(|dialect| written_by(&dialect.scheme()).any(is))
}

pub(crate) fn problems(
    headers: &BTreeMap<String, String>,
    own: Option<&Scheme>,
    provider: Option<Provider>,
) -> Vec<EndpointError> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, value) in headers {
        // A name that HTTP does not allow may be a secret that was pasted there: the error does not repeat it.
        if !is_header_name(name) {
            found.push(EndpointError::new(EndpointCode::HeaderNameInvalid).at("headers"));
            continue;
        }
        let mut problem = |code| found.push(EndpointError::new(code).at(format!("headers.{name}")));
        if is_reserved(name, own, provider) {
            problem(EndpointCode::HeaderReserved);
        }
        if !seen.insert(as_servers_read(name)) {
            problem(EndpointCode::HeaderRepeated);
        }
        if !value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) || value.trim() != value {
            problem(EndpointCode::HeaderValueInvalid);
        }
    }
    // In a request, each header has a colon, a space and a line break besides.
    if headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>() > MAX_BYTES {
        found.push(EndpointError::new(EndpointCode::HeadersTooLarge).at("headers"));
    }
    found
}
