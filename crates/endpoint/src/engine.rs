//! URLs as the JavaScript engine reads them, in place of the crate `url`: its tables of names in other scripts (IDNA)
//! would weigh more than all the rest of the module. Both follow the URL Standard.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};

use once_cell::race::OnceBox;

/// What was read before the call: a text, and its normal form (`href`) if it is a URL. Each call has a module of its own.
static READ: OnceBox<Vec<(String, Option<String>)>> = OnceBox::new();

/// Says how the engine reads the texts that the call will ask about. Any other text is no URL.
pub fn give(read: Vec<(String, Option<String>)>) {
    // There is nothing yet: see `READ`.
    let _ = READ.set(Box::new(read));
}

/// A URL in its normal form. What follows reads that form only, and only of https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url(String);

pub(crate) enum Host<'a> {
    Domain(&'a str),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self, ()> {
        let found = READ.get().into_iter().flatten().find(|(given, _)| given == text);
        found.and_then(|(_, normal)| normal.clone()).map(Self).ok_or(())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    fn authority(&self) -> &str {
        self.0.split('/').nth(2).unwrap_or_default()
    }

    /// With the password.
    pub(crate) fn username(&self) -> &str {
        self.authority().rsplit_once('@').map_or("", |(user, _)| user)
    }

    pub(crate) fn password(&self) -> Option<&str> {
        None
    }

    fn host_and_port(&self) -> (&str, &str) {
        let authority = self.authority();
        // The colons of an IPv6 address are inside of its brackets.
        let end = authority.rfind(']').unwrap_or(0);
        let colon = authority.get(end..).and_then(|rest| rest.find(':')).map(|at| end + at);
        colon.and_then(|at| authority.split_at_checked(at)).unwrap_or((authority, ""))
    }

    pub(crate) fn host(&self) -> Option<Host<'_>> {
        let (host, _) = self.host_and_port();
        Some(match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(inside) => Host::Ipv6(inside.parse().ok()?),
            // Whatever ends in a number is an address, else the engine had refused it.
            None => host.parse().map_or(Host::Domain(host), Host::Ipv4),
        })
    }

    pub(crate) fn port(&self) -> Option<u16> {
        self.host_and_port().1.strip_prefix(':')?.parse().ok()
    }

    pub(crate) fn query(&self) -> Option<&str> {
        self.0.split_once('?').map(|(_, query)| query)
    }

    pub(crate) fn fragment(&self) -> Option<&str> {
        self.0.split_once('#').map(|(_, fragment)| fragment)
    }
}
