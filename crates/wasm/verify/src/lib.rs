//! The module of the npm package's main entry: the boundary's functions, with an allocator that wipes.
#![cfg(target_arch = "wasm32")]
#![no_std]

extern crate countersign_wasm_boundary as _;

type Inner = lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator>;

/// Zero-fills what is freed, so that no key, body or signature outlives its call.
struct Wiping(Inner);

// SAFETY: the inner allocator does the work; memory is only written while it is still ours.
unsafe impl core::alloc::GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: core::alloc::Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: core::alloc::Layout) {
        // SAFETY: the block is the caller's until the inner `dealloc` takes it back.
        unsafe {
            core::ptr::write_bytes(pointer, 0, layout.size());
            self.0.dealloc(pointer, layout);
        }
    }
}

// SAFETY: a wasm32 module without threads runs one call at a time.
#[global_allocator]
static ALLOCATOR: Wiping = Wiping(unsafe { Inner::new(lol_alloc::FreeListAllocator::new()) });

/// Nothing panics; if something did, the call traps and JavaScript starts a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
