//! A URL as a parser of the URL Standard read it, as plain data: what the rules look at.
//!
//! Two producers make it: the crate `url`, and the normal form (`href`) that any other parser gives,
//! such as the one of a JavaScript engine. Text itself is never taken apart here.

use alloc::string::String;
use core::fmt;
use core::net::IpAddr;

use crate::redact::without_secrets;

/// A URL that a parser of the URL Standard has read.
#[derive(Clone, PartialEq, Eq)]
pub struct UrlParts {
    pub(crate) href: String,
    pub(crate) scheme: String,
    /// Whether there is a user name or a password.
    pub(crate) userinfo: bool,
    /// `None` where there is no host, as in `data:`.
    pub(crate) host: Option<UrlHost>,
    /// `None` where it is the scheme's own.
    pub(crate) port: Option<u16>,
    pub(crate) query: bool,
    pub(crate) fragment: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UrlHost {
    Name(String),
    Address(IpAddr),
}

impl UrlParts {
    /// Reads a text with the crate `url`; `None` where it is no URL.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        url::Url::parse(text).ok().map(Self::from_url)
    }

    fn from_url(url: url::Url) -> Self {
        Self {
            scheme: url.scheme().into(),
            userinfo: !url.username().is_empty() || url.password().is_some(),
            host: url.host().map(|host| match host {
                url::Host::Domain(name) => UrlHost::Name(name.into()),
                url::Host::Ipv4(address) => UrlHost::Address(address.into()),
                url::Host::Ipv6(address) => UrlHost::Address(address.into()),
            }),
            port: url.port(),
            query: url.query().is_some(),
            fragment: url.fragment().is_some(),
            href: url.into(),
        }
    }

    /// Takes a normal form apart, which another parser of the URL Standard gave: `new URL(text).href` in JavaScript.
    /// Give it no other text: what no parser has read may mean one thing here and another to a client.
    ///
    /// ```
    /// use countersign::endpoint::UrlParts;
    /// let parts = UrlParts::from_normal_form("https://example.com/hooks");
    /// assert_eq!(Some(parts), UrlParts::parse("HTTPS://example.com/hooks"));
    /// ```
    #[must_use]
    pub fn from_normal_form(href: impl Into<String>) -> Self {
        let href = href.into();
        let (before, fragment) = split(&href, '#');
        let (before, query) = split(before, '?');
        let (scheme, after) = before.split_once(':').unwrap_or((before, ""));
        let authority = after.strip_prefix("//").map(|rest| rest.split('/').next().unwrap_or_default());
        let (userinfo, place) = match authority.and_then(|authority| authority.rsplit_once('@')) {
            Some((_, place)) => (true, Some(place)),
            None => (false, authority),
        };
        let (host, port) = place.map_or(("", None), host_and_port);
        Self {
            scheme: scheme.into(),
            userinfo,
            host: (!host.is_empty()).then(|| read_host(host)),
            port,
            query,
            fragment,
            href,
        }
    }

    /// The normal form, which every client reads in the same way.
    #[must_use]
    pub fn href(&self) -> &str {
        &self.href
    }
}

/// The text before the first such character, and whether there is one.
fn split(text: &str, at: char) -> (&str, bool) {
    text.split_once(at).map_or((text, false), |(before, _)| (before, true))
}

fn host_and_port(place: &str) -> (&str, Option<u16>) {
    // The colons of an IPv6 address are inside of its brackets.
    let port = place.rsplit_once(':').filter(|(_, port)| !port.contains(']'));
    port.map_or((place, None), |(host, port)| (host, port.parse().ok()))
}

/// A host that ends in a number is an IPv4 address: of the others the URL parser has refused.
fn read_host(host: &str) -> UrlHost {
    let address = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(inside) => inside.parse().ok().map(IpAddr::V6),
        None => host.parse().ok().map(IpAddr::V4),
    };
    address.map_or_else(|| UrlHost::Name(host.into()), UrlHost::Address)
}

impl fmt::Debug for UrlParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UrlParts({})", without_secrets(&self.href))
    }
}
