//! The shared vectors again, with the crate compiled to WebAssembly: `cargo xtask test` runs this in Node.
#![cfg(target_arch = "wasm32")]

mod support;

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_vector_has_its_exact_result() {
    let (count, failures) = support::run_all();
    assert!(failures.is_empty(), "{} of {count} cases differ:\n{}", failures.len(), failures.join("\n"));
}
