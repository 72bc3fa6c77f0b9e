//! How a command with many steps tells where it is, and whether leaving a step out counts as a failure.

/// Set where everything is installed: what is left out there has failed.
const NO_SKIP: &str = "COUNTERSIGN_NO_SKIP";

/// Whether what is left out has failed.
pub(crate) fn nothing_may_be_left_out() -> bool {
    std::env::var_os(NO_SKIP).is_some()
}

/// Counts the steps that have begun.
pub(crate) struct Progress {
    begun: usize,
    total: usize,
}

impl Progress {
    pub(crate) fn of(total: usize) -> Self {
        Self { begun: 0, total }
    }

    /// One line, such as `[7/23] tests/cli (node --test)`.
    pub(crate) fn begin(&mut self, name: &str) {
        self.begun += 1;
        let width = self.total.to_string().len();
        println!("[{:>width$}/{}] {name}", self.begun, self.total);
    }

    /// How many are still to come.
    pub(crate) fn left(&self) -> usize {
        self.total.saturating_sub(self.begun)
    }
}
