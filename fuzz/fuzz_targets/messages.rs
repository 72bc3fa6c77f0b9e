//! Any bytes as a message to the WebAssembly modules: as a scheme with a secret, and as the headers of a delivery. Reading
//! never panics, and what is cut off is refused.
#![no_main]

use countersign_wasm_boundary::{Reader, delivery, scheme};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|message: &[u8]| {
    let mut reader = Reader::new(message);
    let read = scheme(&mut reader);
    let secret = reader.secret();
    if reader.end().is_ok() && read.check().is_ok() {
        // A scheme that is sound and a secret of its own: both say yes or no.
        let _ = read.webhook(secret);
    }
    if delivery(message, b"{}").is_ok() {
        assert!(message.is_empty() || delivery(&message[..message.len() - 1], b"{}").is_err());
    }
});
