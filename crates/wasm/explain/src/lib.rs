//! The module of `countersign/diagnose`: the one exchange, its methods exported, and an allocator.
//!
//! Rules: numbers only, so that the module needs nothing from JavaScript, which wipes all of its memory after a question.
#![cfg(target_arch = "wasm32")]
#![no_std]
#![allow(clippy::must_use_candidate)] // JavaScript calls these functions, not Rust

#[cfg(target_feature = "atomics")]
compile_error!("This module answers one question with an allocator without locks: build it without threads.");

use core::cell::UnsafeCell;

use countersign_wasm_questions::{Exchange, explain};
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes room for a question of that many bytes and says where it goes.
#[wasm_bindgen]
pub fn room(len: usize) -> *mut u8 {
    exchange().room(len).as_mut_ptr()
}

/// Answers the question, whose first bytes are `json` bytes of JSON, and says how long the answer is.
#[wasm_bindgen]
pub fn ask(json: usize) -> usize {
    exchange().ask(json, explain::answer)
}

/// Where the answer is.
#[wasm_bindgen]
pub fn answer() -> *const u8 {
    exchange().answer().as_ptr()
}

struct Only(UnsafeCell<Exchange>);

// SAFETY: without threads one call runs at a time, and no call calls out.
unsafe impl Sync for Only {}

static EXCHANGE: Only = Only(UnsafeCell::new(Exchange::new()));

/// Every exported function takes it once and lets go of it before it returns.
fn exchange() -> &'static mut Exchange {
    // SAFETY: see `Only`.
    unsafe { &mut *EXCHANGE.0.get() }
}

// A list of what is free would be too slow: explaining allocates often.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Nothing panics; if something did, or the memory ran out, the call traps.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
