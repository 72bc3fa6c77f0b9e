//! Things in the order of their ranks.

use alloc::vec::Vec;

/// Things in the order of their ranks, which are few; things of the same rank keep their order. It is one short loop,
/// since each sort of the standard library takes three kilobytes of WebAssembly.
pub(crate) fn by_rank<T>(ranked: Vec<(usize, T)>) -> Vec<T> {
    let most = ranked.iter().map(|(rank, _)| *rank).max().unwrap_or_default();
    let mut ordered = Vec::with_capacity(ranked.len());
    let mut left: Vec<Option<(usize, T)>> = ranked.into_iter().map(Some).collect();
    for wanted in 0..=most {
        for slot in &mut left {
            if let Some((_, thing)) = slot.take_if(|(rank, _)| *rank == wanted) {
                ordered.push(thing);
            }
        }
    }
    ordered
}
