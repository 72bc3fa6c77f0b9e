//! The clock of a store in a file.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::time::ms;

/// The machine's time when the store was opened, and what has passed since: a clock that is set meanwhile neither ends a
/// lease nor makes a retry wait.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    opened_ms: i64,
    opened: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { opened_ms: ms(since), opened: Instant::now() }
    }

    pub(super) fn now_ms(self) -> i64 {
        self.opened_ms.saturating_add(ms(self.opened.elapsed()))
    }
}
