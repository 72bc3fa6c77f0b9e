//! A verified delivery. Holding an [`Event`] is the proof that its bytes are authentic and fresh.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use once_cell::race::OnceBox;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::crypto;
use crate::difference::Difference;
use crate::form;
use crate::json::{self, Contents, NotJson};
use crate::payload_error::PayloadError;
use crate::provider::{About, Provider};
use crate::reader::Reader;
use crate::scheme::EventPaths;
use crate::shape::Names;
use crate::time::UnixTime;

/// A verified delivery.
pub struct Event<'a> {
    pub(crate) provider: Cow<'static, str>,
    /// How the replay key begins.
    pub(crate) replay_name: Cow<'static, str>,
    pub(crate) source: NameSource,
    pub(crate) raw: Cow<'a, [u8]>,
    pub(crate) header_id: Option<String>,
    pub(crate) timestamp: Option<UnixTime>,
    pub(crate) key: Cow<'static, str>,
    pub(crate) id_signed: bool,
    pub(crate) timestamp_signed: bool,
    pub(crate) expires: UnixTime,
    pub(crate) read: OnceBox<Read>,
}

/// What the body says, read once and on demand: verifying needs no JSON.
pub(crate) struct Read {
    body: Result<Value, (Difference, NotJson)>,
    names: Names,
}

/// Where to find the event type and the id in the body.
#[derive(Clone)]
pub(crate) enum NameSource {
    About(&'static About),
    Paths(EventPaths),
}

/// Whether the signature covers the id and the timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authenticated {
    /// The id is in the signed content, or in the signed body.
    pub id: bool,
    /// The timestamp is in the signed content.
    pub timestamp: bool,
}

/// The longest id that a replay key is made of, in bytes; with a longer one it is made of the digest of the body.
pub(crate) const LONGEST_REPLAY_ID: usize = 256;

impl Event<'_> {
    /// The provider's name; of a scheme of your own its name, or `custom`.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The provider's name for what happened, read from the signed body; `None` where the body does not say.
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.names().event_type.as_deref()
    }

    /// The event's id: from the id header, or else from the signed body. A scheme of your own may have an id header
    /// that is not signed: see [`authenticated`](Self::authenticated).
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.header_id.as_deref().or_else(|| self.names().id.as_deref())
    }

    /// When the provider says it signed the delivery.
    #[must_use]
    pub const fn timestamp(&self) -> Option<UnixTime> {
        self.timestamp
    }

    /// The raw body, byte for byte as verified.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The name of the secret that matched.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Which of id and timestamp the signature covers.
    #[must_use]
    pub fn authenticated(&self) -> Authenticated {
        Authenticated {
            id: match self.header_id {
                Some(_) => self.id_signed,
                None => self.id().is_some(),
            },
            timestamp: self.timestamp_signed,
        }
    }

    /// What to remember so that this delivery is handled once. Made of authenticated material only: the signed id, else
    /// the id inside the signed body, else (or where that id is longer than 256 bytes) the digest of the body.
    ///
    /// It begins with the provider's name, or with `custom/` and the name or a digest of a scheme of your own, and with the
    /// webhook's [scope](crate::Webhook::scope) where it has one.
    #[must_use]
    pub fn replay_key(&self) -> String {
        let signed_id = match &self.header_id {
            Some(id) if self.id_signed => Some(id.as_str()),
            _ => self.names().id.as_deref(),
        };
        match signed_id {
            Some(id) if id.len() <= LONGEST_REPLAY_ID => [&*self.replay_name, ":id:", id].concat(),
            _ => [&*self.replay_name, ":body:", &crypto::sha256_hex(&self.raw)].concat(),
        }
    }

    /// Until when to remember the replay key: the later of the end of the freshness window and the end of the
    /// provider's retries.
    #[must_use]
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// The typed payload, such as [`stripe::Payload`](crate::providers::stripe::Payload), or a type of your own.
    /// `serde_json::Value` gives the untyped one. Where the body is a form whose field holds the JSON, as GitHub sends it
    /// by default, that JSON is read.
    ///
    /// # Errors
    /// `payload_invalid` if the body is not JSON of that type: the error says in which place, and what is there. The event
    /// stays authentic; [`raw`](Self::raw) has the bytes.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        let provider = || self.provider.clone();
        match &self.read().body {
            Ok(body) => {
                T::deserialize(Reader::new(body)).map_err(|difference| PayloadError::new(provider(), difference))
            }
            Err((difference, why)) => Err(PayloadError::not_json(provider(), difference.clone(), why)),
        }
    }

    /// The same event, with its own copy of the body.
    #[must_use]
    pub fn into_owned(self) -> Event<'static> {
        Event { raw: Cow::Owned(self.raw.into_owned()), ..self }
    }

    fn names(&self) -> &Names {
        &self.read().names
    }

    fn read(&self) -> &Read {
        self.read.get_or_init(|| {
            let body = read(&self.raw, self.source.form());
            let names = body.as_ref().map(|body| match &self.source {
                NameSource::About(about) => about.names(body),
                NameSource::Paths(paths) => paths.names(body),
            });
            Box::new(Read { names: names.unwrap_or_default(), body })
        })
    }
}

impl NameSource {
    /// The field that holds the JSON where the body is a form.
    fn form(&self) -> Option<&str> {
        match self {
            Self::About(about) => about.form,
            Self::Paths(paths) => paths.form.as_deref(),
        }
    }
}

/// The JSON of a body. Whether it is a form is told by the signed bytes: no signature covers the content type.
fn read(raw: &[u8], form: Option<&str>) -> Result<Value, (Difference, NotJson)> {
    let plain = |why: NotJson| (why.contents.difference(), why);
    match (json::parse(raw), form) {
        (Err(why), Some(name)) if why.contents == Contents::Form => match form::field(raw, name) {
            None => Err(plain(why)),
            Some(value) => json::parse(&value).map_err(|why| {
                let (difference, why) = plain(why);
                (difference.in_field(name), why)
            }),
        },
        (read, _) => read.map_err(plain),
    }
}

/// What reading a body as a provider documents it says.
#[derive(Debug)]
pub struct Documented {
    /// The field that holds the JSON, where the body is a form.
    pub form: Option<&'static str>,
    /// The first place where something else stands than the provider documents.
    pub difference: Option<Difference>,
}

/// Reads a body as the provider documents it.
#[must_use]
pub fn read_as_documented(provider: Provider, body: &[u8]) -> Documented {
    let about = provider.about();
    let is_form = matches!(json::parse(body), Err(why) if why.contents == Contents::Form);
    match read(body, about.form) {
        Ok(json) => Documented { form: about.form.filter(|_| is_form), difference: (about.difference)(&json) },
        Err((difference, _)) => Documented { form: None, difference: Some(difference) },
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("provider", &self.provider)
            .field("event_type", &self.event_type())
            .field("id", &self.id())
            .field("timestamp", &self.timestamp)
            .field("key", &self.key)
            .field("raw_bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}
