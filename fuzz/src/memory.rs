//! How much memory a run may take: a count of what is allocated, and a bound that depends on the input's length.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What small inputs take too: tables that are made once, and errors.
pub const A_LITTLE: usize = 256 * 1024;

/// Runs a target, which may have at most that many times the input's length allocated at a time, and `always` beside it.
///
/// # Panics
/// It had more.
pub fn at_most(always: usize, times: usize, input: &[u8], run: impl FnOnce()) {
    let before = LIVE.load(Relaxed);
    MOST.store(before, Relaxed);
    run();
    let most = MOST.load(Relaxed).saturating_sub(before);
    assert!(most <= always + times * input.len(), "{} bytes had {most} allocated", input.len());
}

struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call is the system's own; beside it only numbers are kept.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(live, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}
