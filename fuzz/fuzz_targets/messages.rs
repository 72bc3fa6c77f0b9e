//! Any bytes as a message to the module that verifies: as a set-up, as a delivery and as something to sign, also with a
//! webhook that there is. No message panics, and nothing of it stays in the buffer but the answer.
#![no_main]

use countersign_wasm_boundary::{Boundary, DONE, NUMBERS, START};
use libfuzzer_sys::fuzz_target;

const NOW: f64 = 1_767_225_600.0;

fuzz_target!(|input: (usize, &[u8])| {
    let (at, message) = input;
    let boundary = &mut Boundary::new();
    put(boundary, message);
    let prepared = boundary.prepare(message.len(), 1) == DONE;
    for call in [Boundary::verify, Boundary::sign] {
        put(boundary, message);
        call(boundary, 0, 1, at % (message.len() + 2), message.len(), NOW);
        let text = boundary.text().len();
        assert!(boundary.room(0).iter().skip(text).all(|byte| *byte == 0));
    }
    assert!(boundary.numbers()[START] >= 0.0 && boundary.numbers().len() == NUMBERS);
    if prepared {
        put(boundary, message);
        assert_ne!(boundary.verify(0, 2, 0, message.len(), NOW), DONE, "a stamp that was never given");
    }
});

fn put(boundary: &mut Boundary, message: &[u8]) {
    boundary.room(message.len())[..message.len()].copy_from_slice(message);
}
