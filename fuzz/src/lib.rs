//! A delivery as one text, for the targets that need more than a body. `cargo xtask check fuzz` writes the vectors as such
//! texts and starts from them.
//!
//! One line each: the time in seconds, the provider (or a scheme as JSON), the secret, and the headers as `name:value`; then
//! an empty line, and all the rest is the body.

pub mod memory;

use countersign::{Provider, Scheme, SetupError, UnixTime, Webhook};

/// What such a text says.
pub struct Case<'t> {
    pub now: UnixTime,
    pub who: Who,
    pub secret: &'t str,
    pub headers: Vec<(&'t str, &'t [u8])>,
    pub body: &'t [u8],
}

/// Whose deliveries these are.
pub enum Who {
    Known(Provider),
    Custom(Scheme),
}

impl Who {
    pub fn webhook(&self, secret: &str) -> Result<Webhook, SetupError> {
        match self {
            Self::Known(provider) => provider.webhook(secret).map_err(SetupError::Secret),
            Self::Custom(scheme) => scheme.clone().webhook(secret),
        }
    }
}

/// Nothing where the text has not that form.
pub fn case(text: &[u8]) -> Option<Case<'_>> {
    let (now, rest) = line(text)?;
    let (who, rest) = line(rest)?;
    let (secret, mut rest) = line(rest)?;
    let who = match who.parse::<Provider>() {
        Ok(provider) => Who::Known(provider),
        Err(_) => Who::Custom(serde_json::from_str(who).ok()?),
    };
    let mut headers = Vec::new();
    let body = loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let (header, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if header.is_empty() {
            break rest;
        }
        let colon = header.iter().position(|byte| *byte == b':')?;
        headers.push((std::str::from_utf8(&header[..colon]).ok()?, &header[colon + 1..]));
    };
    Some(Case { now: UnixTime::from_secs(now.parse().ok()?), who, secret, headers, body })
}

/// The first line, and what is after it.
fn line(text: &[u8]) -> Option<(&str, &[u8])> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&text[..end]).ok()?, &text[end + 1..]))
}
