//! The module of the npm package's main entry: the one boundary, its methods exported, and an allocator that wipes.
//!
//! Rules: numbers only, so that the module needs nothing from JavaScript.
#![cfg(target_arch = "wasm32")]
#![no_std]
#![allow(clippy::must_use_candidate)] // JavaScript calls these functions, not Rust

#[cfg(target_feature = "atomics")]
compile_error!("This module has one boundary and an allocator without locks: build it without threads.");

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;

use countersign_wasm_boundary::Boundary;
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes room for a message of that many bytes and says where it goes.
#[wasm_bindgen]
pub fn room(len: usize) -> *mut u8 {
    boundary().room(len).as_mut_ptr()
}

/// Where the numbers of an answer are.
#[wasm_bindgen]
pub fn numbers() -> *const f64 {
    boundary().numbers().as_ptr()
}

/// See [`Boundary::prepare`].
#[wasm_bindgen]
pub fn prepare(len: usize, stamp: u32) -> u32 {
    boundary().prepare(len, stamp)
}

/// See [`Boundary::verify`].
#[wasm_bindgen]
pub fn verify(slot: usize, stamp: u32, headers: usize, len: usize, now: f64) -> u32 {
    boundary().verify(slot, stamp, headers, len, now)
}

/// See [`Boundary::sign`].
#[wasm_bindgen]
pub fn sign(slot: usize, stamp: u32, setup: usize, len: usize, now: f64) -> u32 {
    boundary().sign(slot, stamp, setup, len, now)
}

/// See [`Boundary::digest`].
#[wasm_bindgen]
pub fn digest(len: usize) -> u32 {
    boundary().digest(len)
}

struct Only(UnsafeCell<Boundary>);

// SAFETY: without threads one call runs at a time, and no call calls out.
unsafe impl Sync for Only {}

static BOUNDARY: Only = Only(UnsafeCell::new(Boundary::new()));

/// Every exported function takes it once and lets go of it before it returns.
fn boundary() -> &'static mut Boundary {
    // SAFETY: see `Only`.
    unsafe { &mut *BOUNDARY.0.get() }
}

/// Zero-fills what is freed, so that no key, body or signature outlives its call.
struct Wiping(AssumeSingleThreaded<FreeListAllocator>);

// SAFETY: the inner allocator does the work; memory is only written while it is still ours.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's until the inner `dealloc` takes it back.
        unsafe {
            core::ptr::write_bytes(pointer, 0, layout.size());
            self.0.dealloc(pointer, layout);
        }
    }
}

// SAFETY: there are no threads.
#[global_allocator]
static ALLOCATOR: Wiping = Wiping(unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) });

/// Nothing panics; if something did, the call traps and JavaScript starts a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
