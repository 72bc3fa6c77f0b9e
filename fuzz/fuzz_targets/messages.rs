//! Any bytes as a message to the module that verifies: as a set-up, as a delivery and as something to sign, also with a
//! webhook that there is. No message panics, and nothing of it stays in the buffer but the answer.
#![no_main]

use countersign_fuzz::memory::{A_LITTLE, at_most};
use countersign_wasm_boundary::{Boundary, DONE, STALE};
use libfuzzer_sys::fuzz_target;

const NOW: f64 = 1_767_225_600.0;

fuzz_target!(|message: &[u8]| at_most(A_LITTLE, 10, message, || run(message)));

fn run(message: &[u8]) {
    let boundary = &mut Boundary::new();
    let len = message.len();
    put(boundary, message);
    let prepared = boundary.prepare(len, 1) == DONE;
    for call in [Boundary::verify, Boundary::sign] {
        // All of it is headers or a set-up, then none of it, then more of it than there is.
        for first in [len, 0, len / 2, len + 1] {
            put(boundary, message);
            let answer = call(boundary, 0, 1, first, len, NOW);
            assert!(answer != STALE || !prepared);
            let text = boundary.text().len();
            assert!(boundary.room(0).iter().skip(text).all(|byte| *byte == 0));
        }
    }
}

fn put(boundary: &mut Boundary, message: &[u8]) {
    boundary.room(message.len())[..message.len()].copy_from_slice(message);
}
