//! Verified events to handle: small, signed here, told apart by their ids.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used)]

use countersign::{Delivery, Event, Provider, SignOptions, UnixTime, Webhook};

pub const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

pub fn webhook() -> Webhook {
    Provider::STANDARD_WEBHOOKS.webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap()
}

pub fn event(webhook: &Webhook, id: &str) -> Event<'static> {
    let headers = webhook.sign("{}", &SignOptions::at(NOW).id(id)).unwrap();
    webhook.verify(&Delivery::new(&headers, "{}"), NOW).unwrap().into_owned()
}
