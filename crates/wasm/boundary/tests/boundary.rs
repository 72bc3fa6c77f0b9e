//! The boundary as JavaScript uses it: messages in, numbers and texts out, natively and under Miri.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::time::Duration;

use countersign_core::internal::crypto;
use countersign_core::{Code, Provider, Scheme};
use countersign_wasm_boundary::{
    ALGORITHMS, BAD_MESSAGE, BAD_SCHEME, BAD_SIGNING, Boundary, DONE, ENCODINGS, KEY_FORMATS, ROOM, SLOTS, STALE,
    START, TEXT, TIMESTAMP_FORMATS,
};

const NOW: f64 = 1_767_225_600.0;
const BODY: &[u8] = br#"{"type":"invoice.paid"}"#;
const SECRET: &str = "a-secret-that-is-long-enough";

/// A message, as `pkg-template/src/boundary.ts` writes it.
#[derive(Clone, Default)]
struct Message(Vec<u8>);

impl Message {
    fn byte(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    fn number(mut self, value: f64) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        self.raw(bytes)
    }

    fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    fn scheme(self, scheme: &Scheme) -> Self {
        let signature = &scheme.signature;
        let mut message = self
            .text(scheme.name.as_deref().unwrap_or_default())
            .text(&signature.header)
            .text(&signature.prefix)
            .byte(signature.prefix_optional.into())
            .text(signature.ed25519_prefix.as_deref().unwrap_or_default())
            .text(&signature.separator)
            .byte(at(ENCODINGS, signature.encoding))
            .byte(scheme.timestamp.is_some().into());
        if let Some(source) = &scheme.timestamp {
            message = message.text(&source.header).text(&source.field).byte(at(TIMESTAMP_FORMATS, source.format));
        }
        message = message.byte(scheme.id.is_some().into());
        if let Some(source) = &scheme.id {
            message = message.text(&source.header);
        }
        let limit = |side: Option<Duration>| side.map_or(f64::INFINITY, |side| side.as_secs_f64());
        message
            .text(&scheme.signed)
            .text(scheme.signed_if_empty.as_deref().unwrap_or_default())
            .text(scheme.adjacent.as_deref().unwrap_or_default())
            .byte(at(KEY_FORMATS, scheme.key))
            .byte(at(ALGORITHMS, scheme.algorithm))
            .number(limit(scheme.tolerance.past))
            .number(limit(scheme.tolerance.future))
            .number(limit(scheme.retry_horizon))
            .text(scheme.event.event_type.as_deref().unwrap_or_default())
            .text(scheme.event.id.as_deref().unwrap_or_default())
            .text(scheme.event.form.as_deref().unwrap_or_default())
    }

    /// What stands before the schemes: the provider (nothing for a scheme of one's own), no scope, and wrong kinds.
    fn provider(name: &str, wrong_kinds: &[&str]) -> Self {
        let message = Self::default().text(name).byte(0).byte(u8::try_from(wrong_kinds.len()).unwrap());
        wrong_kinds.iter().fold(message, |message, kind| message.text(kind))
    }

    fn secret(self, secret: &str) -> Self {
        self.byte(1).text(secret).number(f64::INFINITY)
    }
}

/// A word's number.
fn at<T: PartialEq>(words: &[T], word: T) -> u8 {
    u8::try_from(words.iter().position(|known| *known == word).unwrap()).unwrap()
}

/// The set-up message of a provider's first scheme.
fn setup(provider: Provider, secret: &str) -> Message {
    let scheme = provider.dialects()[0].scheme();
    Message::provider(provider.name(), &[]).byte(1).scheme(&scheme).secret(secret)
}

/// Puts a message into the buffer and says how long it is.
fn put(boundary: &mut Boundary, message: &Message) -> usize {
    boundary.room(message.0.len())[..message.0.len()].copy_from_slice(&message.0);
    message.0.len()
}

fn prepare(boundary: &mut Boundary, setup: &Message, stamp: u32) -> u32 {
    let len = put(boundary, setup);
    boundary.prepare(len, stamp)
}

/// Signs the body and gives back the headers.
fn sign(boundary: &mut Boundary, slot: usize, stamp: u32, id: &str) -> Vec<(String, String)> {
    let len = put(boundary, &Message::default().text(id).raw(BODY));
    assert_eq!(boundary.sign(slot, stamp, 0, len, NOW), DONE);
    let mut texts = Vec::new();
    let mut rest = boundary.text();
    while let Some((len, after)) = rest.split_first_chunk() {
        let (text, after) = after.split_at(u32::from_le_bytes(*len) as usize);
        texts.push(String::from_utf8(text.to_vec()).unwrap());
        rest = after;
    }
    texts.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

fn verify(
    boundary: &mut Boundary,
    slot: usize,
    stamp: u32,
    headers: &[(String, String)],
    body: &[u8],
    now: f64,
) -> u32 {
    let mut message = Message::default();
    for (name, value) in headers {
        message = message.text(name).text(value);
    }
    let size = message.0.len();
    let len = put(boundary, &message.raw(body));
    boundary.verify(slot, stamp, size, len, now)
}

fn answer(code: Code) -> u32 {
    u32::try_from(Code::ALL.iter().position(|known| *known == code).unwrap()).unwrap() + 1
}

#[test]
fn what_is_signed_verifies_and_what_is_changed_does_not() {
    let mut boundary = Boundary::new();
    assert_eq!(prepare(&mut boundary, &setup(Provider::STRIPE, SECRET), 1), DONE);
    assert_eq!((boundary.numbers()[0], boundary.numbers()[1]), (0.0, 0.0), "slot, and no private key");
    let headers = sign(&mut boundary, 0, 1, "");
    assert_eq!(verify(&mut boundary, 0, 1, &headers, BODY, NOW), DONE);
    let [key, timestamp, expires, bits, ..] = *boundary.numbers();
    assert_eq!((key, timestamp, bits), (0.0, NOW, 4.0));
    assert!(expires > NOW);
    assert_eq!(boundary.text(), b"");

    assert_eq!(verify(&mut boundary, 0, 1, &headers, b"{}", NOW), answer(Code::SignatureMismatch));
    assert_eq!(boundary.text(), b"Stripe-Signature");
    assert_eq!(verify(&mut boundary, 0, 1, &headers, BODY, NOW + 301.0), answer(Code::TimestampTooOld));
    assert_eq!(boundary.numbers()[0], NOW, "when it was signed");
    assert_eq!(verify(&mut boundary, 0, 1, &[], BODY, NOW), answer(Code::HeaderMissing));
    assert_eq!(boundary.numbers()[0], -1.0);
}

#[test]
fn an_id_comes_back_as_text() {
    let mut boundary = Boundary::new();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assert_eq!(prepare(&mut boundary, &setup(Provider::SVIX, secret), 7), DONE);
    let headers = sign(&mut boundary, 0, 7, "msg_1");
    assert_eq!(verify(&mut boundary, 0, 7, &headers, BODY, NOW), DONE);
    assert_eq!(boundary.text(), b"msg_1");
    assert_eq!(boundary.numbers()[3], 7.0, "an id, signed, and a signed timestamp");
    let len = put(&mut boundary, &Message::default().text("").raw(BODY));
    assert_eq!(boundary.sign(0, 7, 0, len, NOW), BAD_SIGNING, "Svix signs an id");
}

#[test]
fn slots_are_reused_in_turn_and_stamps_tell_whose_they_are() {
    let mut boundary = Boundary::new();
    // Each has a key to prepare, which takes long under Miri.
    let rounds = if cfg!(miri) { SLOTS + 2 } else { 3 * SLOTS };
    for stamp in 0..rounds {
        let setup = setup(Provider::GITHUB, &format!("{SECRET} {stamp}"));
        assert_eq!(prepare(&mut boundary, &setup, u32::try_from(stamp).unwrap()), DONE);
        assert_eq!(boundary.numbers()[0], (stamp % SLOTS) as f64);
    }
    let last = rounds - 1;
    let headers = sign(&mut boundary, last % SLOTS, u32::try_from(last).unwrap(), "");
    assert_eq!(verify(&mut boundary, last % SLOTS, u32::try_from(last).unwrap(), &headers, BODY, NOW), DONE);
    let gone = u32::try_from(last - SLOTS).unwrap();
    assert_eq!(verify(&mut boundary, last % SLOTS, gone, &headers, BODY, NOW), STALE);
    assert_eq!(verify(&mut boundary, SLOTS, 0, &headers, BODY, NOW), STALE, "no such slot");
    assert_eq!(verify(&mut boundary, usize::MAX, u32::MAX, &headers, BODY, NOW), STALE);
}

#[test]
fn nothing_of_a_message_is_left_in_the_buffer() {
    let mut boundary = Boundary::new();
    let setup = setup(Provider::GITHUB, SECRET);
    assert_eq!(prepare(&mut boundary, &setup, 1), DONE);
    // What is left is the answer: how replay keys begin.
    assert_eq!(boundary.text(), b"github");
    assert_eq!(boundary.room(0)[6..], vec![0; setup.0.len() - 6]);
    let len = put(&mut boundary, &Message::default().text("").raw(BODY));
    assert_eq!(boundary.sign(0, 1, 0, len, NOW), DONE);
    let text = boundary.text().len();
    assert!(boundary.room(0)[text..].iter().all(|byte| *byte == 0));
    // The text of this answer is shorter than the message.
    let headers = [("x-hub-signature-256".to_owned(), "sha256=00".repeat(30))];
    verify(&mut boundary, 0, 1, &headers, BODY, NOW);
    let text = boundary.text().len();
    assert!(boundary.room(0)[text..].iter().all(|byte| *byte == 0));
}

#[test]
fn nothing_of_an_answer_is_left_in_the_buffer_after_a_shorter_message() {
    let mut boundary = Boundary::new();
    assert_eq!(
        prepare(&mut boundary, &setup(Provider::STANDARD_WEBHOOKS, "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXQ="), 1),
        DONE
    );
    assert_eq!(boundary.text(), b"standard-webhooks");
    // Its message has no byte, so there is nothing of it to wipe.
    assert_eq!(boundary.verify(0, 2, 0, 0, NOW), STALE);
    let text = boundary.text().len();
    assert!(boundary.room(0).iter().skip(text).all(|byte| *byte == 0));
}

#[test]
fn the_numbers_say_where_the_buffer_is() {
    let mut boundary = Boundary::new();
    put(&mut boundary, &Message::default().raw(b"abc"));
    assert_eq!(boundary.digest(3), DONE);
    assert_eq!(boundary.text(), crypto::sha256_hex(b"abc").as_bytes(), "the answer is longer than the message was");
    let numbers = *boundary.numbers();
    let buffer = boundary.room(0);
    assert_eq!(
        (numbers[ROOM], numbers[START], numbers[TEXT]),
        (buffer.len() as f64, buffer.as_ptr().addr() as f64, 64.0)
    );
}

#[test]
fn no_message_panics() {
    let whole = setup(Provider::SVIX, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let mut boundary = Boundary::new();
    // Miri takes its time.
    let step = if cfg!(miri) { 11 } else { 1 };
    for end in (0..whole.0.len()).step_by(step) {
        let cut = Message(whole.0[..end].to_vec());
        let got = prepare(&mut boundary, &cut, 1);
        // Without the secrets it is whole, but says nothing.
        assert!(got == BAD_MESSAGE || got == answer(Code::SecretEmpty), "cut to {end}: {got}");
    }
    for at in (0..whole.0.len()).step_by(step) {
        let mut broken = whole.clone();
        broken.0[at] = 0xff;
        prepare(&mut boundary, &broken, 1);
    }
    assert_eq!(boundary.prepare(usize::MAX, 1), BAD_MESSAGE, "longer than the buffer");
    assert_eq!(prepare(&mut boundary, &whole, 2), DONE);
    let slot = boundary.numbers()[0] as usize;
    let len = put(&mut boundary, &Message::default().text("svix-id").raw(BODY));
    assert_eq!(boundary.verify(slot, 2, len + 1, len, NOW), BAD_MESSAGE, "headers longer than the message");
    let len = put(&mut boundary, &Message::default().text("svix-id").raw(BODY));
    assert_eq!(boundary.verify(slot, 2, 9, len, NOW), BAD_MESSAGE, "a header cut off");
    let len = put(&mut boundary, &Message::default().bytes(&[0xff]).raw(BODY));
    assert_eq!(boundary.sign(slot, 2, 0, len, NOW), BAD_MESSAGE, "an id that is no UTF-8");
    assert_eq!(boundary.sign(slot, 2, 1, 0, NOW), BAD_MESSAGE, "a set-up longer than the message");
    for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300] {
        verify(&mut boundary, slot, 2, &[], BODY, now);
    }
}

#[test]
fn a_scheme_that_is_not_possible_says_why() {
    let mut scheme = Provider::GITHUB.dialects()[0].scheme();
    scheme.signed = "{url}{body}".into();
    let message = Message::provider("github", &[]).byte(1).scheme(&scheme).secret(SECRET);
    let mut boundary = Boundary::new();
    assert_eq!(prepare(&mut boundary, &message, 1), BAD_SCHEME);
    assert_eq!(boundary.numbers()[0], f64::from(scheme.check().unwrap_err().number()));
}

#[test]
fn the_answer_says_how_replay_keys_begin() {
    let mut boundary = Boundary::new();
    let mut prepared = |message: &Message| {
        assert_eq!(prepare(&mut boundary, message, 1), DONE);
        String::from_utf8(boundary.text().to_vec()).unwrap()
    };
    assert_eq!(prepared(&setup(Provider::STRIPE, SECRET)), "stripe");
    let scheme = Provider::STRIPE.dialects()[0].scheme();
    let scoped = Message::default().text("stripe").byte(1).text("a:b").byte(0).byte(1).scheme(&scheme).secret(SECRET);
    assert_eq!(prepared(&scoped), "stripe@a%3Ab");
    let own = Message::provider("", &[]).byte(1);
    assert_eq!(prepared(&own.clone().scheme(&scheme.clone().name("acme")).secret(SECRET)), "custom/acme");
    assert!(prepared(&own.clone().scheme(&scheme).secret(SECRET)).starts_with("custom/sha256-"));
    let taken = own.scheme(&scheme.name("github")).secret(SECRET);
    assert_eq!(prepare(&mut boundary, &taken, 1), BAD_SCHEME);
}

#[test]
fn a_secret_of_another_kind_says_which() {
    let scheme = Provider::STRIPE.dialects()[0].scheme();
    let kinds = Message::provider("stripe", &["pk_", "sk_"]).byte(1).scheme(&scheme);
    let mut boundary = Boundary::new();
    assert_eq!(prepare(&mut boundary, &kinds.clone().secret("sk_live_1234567890"), 1), answer(Code::SecretWrongKind));
    assert_eq!(boundary.numbers()[0], -2.0);
    assert_eq!(prepare(&mut boundary, &kinds.secret(""), 1), answer(Code::SecretEmpty));
    assert!(boundary.numbers()[0] >= 0.0);
}

#[test]
#[cfg_attr(miri, ignore = "the curve takes minutes there")]
fn a_private_key_signs_from_its_set_up_and_is_not_kept() {
    let mut boundary = Boundary::new();
    let whsk = "whsk_".to_owned() + &crypto::to_base64(&[7; 32]);
    let setup = setup(Provider::STANDARD_WEBHOOKS, &whsk);
    assert_eq!(prepare(&mut boundary, &setup, 1), DONE);
    assert_eq!(boundary.numbers()[1], 1.0);
    let message = Message::default().text("msg_1").raw(BODY);
    let len = put(&mut boundary, &message);
    assert_eq!(boundary.sign(0, 1, 0, len, NOW), BAD_SIGNING, "only the public half is kept");
    let len = put(&mut boundary, &setup.clone().raw(&message.0));
    assert_eq!(boundary.sign(0, 1, setup.0.len(), len, NOW), DONE);
    assert!(String::from_utf8_lossy(boundary.text()).contains("v1a,"));
}

#[test]
fn what_is_printed_holds_no_message() {
    let mut boundary = Boundary::new();
    put(&mut boundary, &setup(Provider::GITHUB, SECRET));
    assert_eq!(format!("{boundary:?}"), "Boundary { .. }");
}
