//! Which URLs a delivery may go to, judged on the host as browsers and HTTP clients read it, never on its text.

use alloc::string::String;
use core::fmt;
use core::net::IpAddr;

use crate::address::judge_address;
use crate::error::{EndpointCode, EndpointError};
use crate::policy::UrlPolicy;
use crate::reading::{self, Url};
use crate::redact::without_secrets;

/// The longest URL that is stored and sent to.
const MAX_LENGTH: usize = 2048;

/// Names that end at the machine or its own network. Whatever resolves there is refused by its address as well.
const NOT_PUBLIC: &[&str] = &["localhost", "localdomain", "local", "internal", "home.arpa", "metadata.goog"];

/// A URL that deliveries may go to, in its one normal form. Send to this text, not to what was judged.
#[derive(Clone, PartialEq, Eq)]
pub struct Destination {
    url: Url,
}

/// What has to be judged again before every send, or not.
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
        self.url.as_str()
    }

    /// The host as it was read.
    #[must_use]
    pub fn host(&self) -> Host<'_> {
        match self.url.host() {
            Some(reading::Host::Ipv4(address)) => Host::Address(address.into()),
            Some(reading::Host::Ipv6(address)) => Host::Address(address.into()),
            Some(reading::Host::Domain(name)) => Host::Name(name),
            None => Host::Name(""),
        }
    }

    /// The port, 443 where the URL names none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.port().unwrap_or(443)
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
    judge(text, policy).map_err(|error| error.at("url"))
}

fn judge(text: &str, policy: &UrlPolicy) -> Result<Destination, EndpointError> {
    let refuse = |code| Err(EndpointError::new(code));
    if text.len() > MAX_LENGTH {
        return refuse(EndpointCode::UrlTooLong);
    }
    // Browsers drop some of these and read `\` as `/`; others do not.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') || text.is_empty() {
        return refuse(EndpointCode::UrlMalformed);
    }
    let Some(rest) = text.split_at_checked(8).filter(|(start, _)| start.eq_ignore_ascii_case("https://")) else {
        return refuse(EndpointCode::UrlNotHttps);
    };
    let authority = rest.1.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return refuse(EndpointCode::UrlUserinfo);
    }
    let url = match Url::parse(text) {
        Ok(url) if !authority.is_empty() => url,
        _ => return refuse(EndpointCode::UrlMalformed),
    };
    if url.fragment().is_some() {
        return refuse(EndpointCode::UrlFragment);
    }
    let destination = Destination { url };
    if !policy.allows_port(destination.port()) {
        return refuse(EndpointCode::UrlPort);
    }
    match destination.host() {
        Host::Address(address) => judge_address(address, policy)?,
        Host::Name(name) => judge_name(name, policy)?,
    }
    Ok(destination)
}

fn judge_name(name: &str, policy: &UrlPolicy) -> Result<(), EndpointError> {
    if policy.allows_name(name) {
        return Ok(());
    }
    // One label is resolved with the search list of the machine, and a dot at the end hides what comes before it.
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
