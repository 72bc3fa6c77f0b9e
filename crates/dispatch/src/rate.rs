//! How many deliveries per second an endpoint may get from this process: a token bucket that holds one second.

use std::collections::HashMap;
use std::time::Instant;

#[derive(Default)]
pub(crate) struct Rates(HashMap<String, Bucket>);

struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Rates {
    /// How many deliveries may be sent now.
    pub(crate) fn room(&mut self, endpoint_id: &str, per_second: u32, now: Instant) -> usize {
        let full = f64::from(per_second);
        let bucket = self.0.entry(endpoint_id.into()).or_insert(Bucket { tokens: full, filled: now });
        let since = now.saturating_duration_since(bucket.filled).as_secs_f64();
        bucket.tokens = (bucket.tokens + since * full).min(full);
        bucket.filled = now;
        // Never negative, and at most a u32: the conversion only cuts the fraction.
        bucket.tokens.max(0.0) as usize
    }

    /// Notes that one delivery is sent.
    pub(crate) fn spend(&mut self, endpoint_id: &str) {
        if let Some(bucket) = self.0.get_mut(endpoint_id) {
            bucket.tokens -= 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_second_holds_no_more_than_its_limit_and_what_was_saved_up() {
        let (mut rates, start) = (Rates::default(), Instant::now());
        let mut sent = 0;
        for ms in 0..10_000 {
            let now = start + Duration::from_millis(ms);
            for _ in 0..rates.room("one", 7, now) {
                rates.spend("one");
                sent += 1;
            }
        }
        assert_eq!(sent, 7 + 69);
        assert_eq!(rates.room("two", 3, start), 3);
    }
}
