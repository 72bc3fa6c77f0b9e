//! Any body as the payload of each provider: reading never panics, and what was read is read again after it was written.
#![no_main]

mod payloads;

use countersign_fuzz::memory::{A_LITTLE, at_most};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

// A JSON value takes 32 bytes, a digit in a list two, and a list that grows has its old half beside it.
fuzz_target!(|body: &[u8]| at_most(A_LITTLE, 150, body, || payloads::read(body)));

fn through<T: DeserializeOwned + Serialize>(body: &[u8]) {
    let Ok(payload) = serde_json::from_slice::<T>(body) else { return };
    let written = serde_json::to_vec(&payload).expect("a payload is plain data");
    let again: T = serde_json::from_slice(&written).expect("what was written is read again");
    assert_eq!(serde_json::to_vec(&again).expect("a payload is plain data"), written);
}
