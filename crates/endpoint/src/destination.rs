//! Which URLs a delivery may go to, judged on the host as browsers and HTTP clients read it, never on its text.

use alloc::string::String;
use core::fmt;
use core::net::IpAddr;

use crate::address::judge_address;
use crate::error::{EndpointCode, EndpointError};
use crate::policy::UrlPolicy;
use crate::redact::without_secrets;
use crate::url_parts::{UrlHost, UrlParts};

/// The longest URL that is stored and sent to.
const MAX_LENGTH: usize = 2048;

/// Names that end at the machine or its own network. Whatever resolves there is refused by its address as well.
const NOT_PUBLIC: &[&str] = &["localhost", "localdomain", "local", "internal", "home.arpa", "metadata.goog"];

/// A URL that deliveries may go to, in its one normal form. Send to this text, not to the one that was judged.
#[derive(Clone, PartialEq, Eq)]
pub struct Destination {
    url: UrlParts,
}

/// The host of a URL: a name has to be judged again before every attempt, an address has not. A URL has no other hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host<'a> {
    /// A name: [`judge_address`] every address it resolves to, and connect to no other.
    Name(&'a str),
    /// An address, judged already. Clients connect to it without a resolver.
    Address(IpAddr),
}

impl Destination {
    /// The normal form, which every client reads in the same way.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.href()
    }

    /// The host, as the parser has read it.
    #[must_use]
    pub fn host(&self) -> Host<'_> {
        match &self.url.host {
            Some(UrlHost::Address(address)) => Host::Address(*address),
            Some(UrlHost::Name(name)) => Host::Name(name),
            None => Host::Name(""),
        }
    }

    /// The port, 443 where the URL names none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.port.unwrap_or(443)
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Destination({})", without_secrets(self.as_str()))
    }
}

/// Reads a URL and says whether deliveries may go there. Names are not resolved here.
///
/// ```
/// use countersign::endpoint::{EndpointCode, UrlPolicy, judge_url};
/// let destination = judge_url("https://example.com/hooks", &UrlPolicy::new())?;
/// assert_eq!(destination.as_str(), "https://example.com/hooks");
/// let error = judge_url("https://0x7f.1/", &UrlPolicy::new()).unwrap_err();
/// assert_eq!(error.code(), EndpointCode::AddressNotPublic);
/// # Ok::<(), countersign::endpoint::EndpointError>(())
/// ```
///
/// # Errors
/// The first rule that the URL breaks: one of the codes that begin with `url_`, `host_` and `address_`.
pub fn judge_url(text: &str, policy: &UrlPolicy) -> Result<Destination, EndpointError> {
    judge_url_with(text, policy, &UrlParts::parse)
}

/// The same as [`judge_url`](crate::judge_url()) with another parser of URLs, which says `None` where a text is no URL.
///
/// # Errors
/// Those of [`judge_url`](crate::judge_url()).
pub fn judge_url_with(
    text: &str,
    policy: &UrlPolicy,
    read: &dyn Fn(&str) -> Option<UrlParts>,
) -> Result<Destination, EndpointError> {
    let judge = || {
        judge_text(text)?;
        judge_parsed(read(text).ok_or(EndpointError::new(EndpointCode::UrlMalformed))?, policy)
    };
    judge().map_err(|error| error.at("url"))
}

/// Refuses what parsers forgive or drop, so that it is not to be seen in the parts any more.
fn judge_text(text: &str) -> Result<(), EndpointError> {
    let refuse = |code| Err(EndpointError::new(code));
    if text.len() > MAX_LENGTH {
        return refuse(EndpointCode::UrlTooLong);
    }
    // Browsers drop some of these characters and read `\` as `/`; other clients do not.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') || text.is_empty() {
        return refuse(EndpointCode::UrlMalformed);
    }
    let Some((_, rest)) = text.split_at_checked(8).filter(|(start, _)| start.eq_ignore_ascii_case("https://")) else {
        return refuse(EndpointCode::UrlNotHttps);
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return refuse(EndpointCode::UrlUserinfo);
    }
    if authority.is_empty() { refuse(EndpointCode::UrlMalformed) } else { Ok(()) }
}

fn judge_parsed(url: UrlParts, policy: &UrlPolicy) -> Result<Destination, EndpointError> {
    let refuse = |code| Err(EndpointError::new(code));
    if url.scheme != "https" {
        return refuse(EndpointCode::UrlNotHttps);
    }
    if url.userinfo {
        return refuse(EndpointCode::UrlUserinfo);
    }
    if url.fragment {
        return refuse(EndpointCode::UrlFragment);
    }
    if !policy.allows_port(url.port.unwrap_or(443)) {
        return refuse(EndpointCode::UrlPort);
    }
    match &url.host {
        Some(UrlHost::Address(address)) => judge_address(*address, policy)?,
        Some(UrlHost::Name(name)) => judge_name(name, policy)?,
        None => return refuse(EndpointCode::UrlMalformed),
    }
    Ok(Destination { url })
}

fn judge_name(name: &str, policy: &UrlPolicy) -> Result<(), EndpointError> {
    if policy.allows_name(name) {
        return Ok(());
    }
    // A name of one label is resolved with the search list of the machine; a dot at the end hides the names before it.
    if !name.contains('.') || name.ends_with('.') {
        return Err(EndpointError::new(EndpointCode::HostNotPublic));
    }
    if name.len() > 253 || name.split('.').any(|label| label.is_empty() || label.len() > 63) {
        return Err(EndpointError::new(EndpointCode::UrlMalformed));
    }
    let ends_with = |end: &&&str| name == **end || name.strip_suffix(**end).is_some_and(|start| start.ends_with('.'));
    match NOT_PUBLIC.iter().find(ends_with) {
        Some(end) => {
            let detail = String::from("Names in ") + end + " are never public.";
            Err(EndpointError::new(EndpointCode::HostNotPublic).because(detail))
        }
        None => Ok(()),
    }
}
