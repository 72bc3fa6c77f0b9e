//! The retry rules: the documented schedules as tables, and what holds for every policy, time and random number.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::time::{Duration, SystemTime};

use countersign::endpoint::retry::{
    Admission, Backoff, Breaker, BreakerPolicy, BreakerState, Change, GivenUp, Next, Outcome, RetryPolicy, Schedule,
    Steps, Success,
};
use countersign::{Provider, UnixTime};
use proptest::prelude::*;

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600); // 2026-01-01T00:00:00Z

fn at(seconds: u64) -> UnixTime {
    UnixTime::from_secs(seconds)
}

fn answered(status: u16) -> Outcome<'static> {
    Outcome::Answered { status, retry_after: None }
}

fn asking(status: u16, retry_after: &str) -> Outcome<'_> {
    Outcome::Answered { status, retry_after: Some(retry_after) }
}

fn wait(next: Next) -> Duration {
    match next {
        Next::Retry { after } => after,
        other => panic!("{other:?}"),
    }
}

/// The waits of a policy while every attempt fails, with this random number.
fn waits(policy: &RetryPolicy, outcome: &Outcome<'_>, random: u64) -> Vec<Duration> {
    let mut waits = Vec::new();
    for attempt in 1.. {
        match policy.next(attempt, outcome, NOW, random) {
            Next::Retry { after } => waits.push(after),
            other => {
                assert_eq!(other, Next::DeadLetter(GivenUp::Exhausted));
                break;
            }
        }
    }
    waits
}

#[test]
fn schedules_of_providers_are_the_documented_ones() {
    const M: u64 = 60;
    const H: u64 = 3600;
    // From the providers' pages and the Standard Webhooks specification; the first attempt is immediate.
    let documented: [(&str, &[u64]); 5] = [
        ("planeconnection", &[M, 5 * M, 30 * M, 2 * H]),
        ("plane", &[10 * M, 20 * M, 40 * M]),
        ("standard-webhooks", &[5, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H]),
        ("svix", &[5, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 10 * H]),
        ("resend", &[5, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 10 * H]),
    ];
    for (name, steps) in documented {
        let policy = RetryPolicy::of(name.parse().unwrap()).unwrap();
        assert_eq!(policy.check(), Ok(()), "{name}");
        assert_eq!(policy.retries() as usize, steps.len(), "{name}");
        let base: Vec<u64> = (1..=steps.len() as u32).map(|retry| policy.base_delay(retry).as_secs()).collect();
        assert_eq!(base, steps, "{name}");
        assert_eq!(waits(&policy, &Outcome::NoAnswer, 0).len(), steps.len(), "{name}: attempts are retries and one");
    }
    assert_eq!(RetryPolicy::of(Provider::STRIPE), None);
    assert_eq!(RetryPolicy::new().retries(), 3);
}

#[test]
fn five_attempts_are_four_retries() {
    let policy = RetryPolicy::of(Provider::PLANECONNECTION).unwrap();
    assert!(matches!(policy.next(4, &answered(500), NOW, 0), Next::Retry { .. }));
    assert_eq!(policy.next(5, &answered(500), NOW, 0), Next::DeadLetter(GivenUp::Exhausted));
    assert_eq!(policy.next(u32::MAX, &answered(500), NOW, 0), Next::DeadLetter(GivenUp::Exhausted));
    assert_eq!(policy.next(5, &answered(200), NOW, 0), Next::Done);
    let none = RetryPolicy::new().max_retries(0);
    assert_eq!(none.next(1, &Outcome::NoAnswer, NOW, 0), Next::DeadLetter(GivenUp::Exhausted));
    // More retries than steps: the last step repeats.
    let many = policy.max_retries(10);
    assert_eq!(many.base_delay(10), Duration::from_secs(7200));
}

#[test]
fn what_counts_as_accepted_is_the_policys_choice() {
    for status in 100..600 {
        let done = |policy: &RetryPolicy| policy.next(1, &answered(status), NOW, 0) == Next::Done;
        assert_eq!(
            done(&RetryPolicy::of(Provider::PLANECONNECTION).unwrap()),
            (200..300).contains(&status),
            "{status}"
        );
        assert_eq!(done(&RetryPolicy::of(Provider::PLANE).unwrap()), status == 200, "{status}");
    }
    assert!(Success::Any2xx.accepts(204) && !Success::Only200.accepts(204));
}

#[test]
fn gone_and_permanent_statuses_end_at_once() {
    let policy = RetryPolicy::of(Provider::SVIX).unwrap().permanent_statuses([400, 422]);
    assert_eq!(policy.next(1, &asking(410, "5"), NOW, 0), Next::DeadLetter(GivenUp::Gone));
    assert_eq!(policy.next(1, &answered(422), NOW, 0), Next::DeadLetter(GivenUp::Permanent));
    for status in [301, 308, 401, 404, 408, 425, 429, 500, 503] {
        assert!(matches!(policy.next(1, &answered(status), NOW, 0), Next::Retry { .. }), "{status}");
    }
}

#[test]
fn retry_after_only_delays_and_is_capped() {
    let policy = RetryPolicy::of(Provider::PLANECONNECTION).unwrap().jitter_percent(0);
    let after = |attempt, text: &str| wait(policy.next(attempt, &asking(429, text), NOW, 0)).as_secs();
    assert_eq!(after(1, "90"), 90);
    assert_eq!(after(1, " 90\t"), 90);
    assert_eq!(after(1, "5"), 60);
    assert_eq!(after(1, "0"), 60);
    assert_eq!(after(1, "99999"), 7200);
    assert_eq!(after(1, "99999999999999999999999999"), 7200);
    assert_eq!(after(1, "Thu, 01 Jan 2026 00:10:00 GMT"), 600);
    assert_eq!(after(1, "Thursday, 01-Jan-26 00:10:00 GMT"), 600);
    assert_eq!(after(1, "Thu Jan  1 00:10:00 2026"), 600);
    assert_eq!(after(1, "Fri, 02 Jan 2026 00:00:00 GMT"), 7200);
    // A year of two digits is up to 50 years ahead, else past.
    assert_eq!(after(1, "Friday, 01-Jan-76 00:10:00 GMT"), 7200);
    assert_eq!(after(1, "Friday, 01-Jan-77 00:10:00 GMT"), 60);
    // Ten seconds before the year 2100.
    let next_century = policy.next(1, &asking(429, "Friday, 01-Jan-00 00:02:00 GMT"), at(4_102_444_790), 0);
    assert_eq!(wait(next_century).as_secs(), 130);
    assert_eq!(after(1, "Wed, 31 Dec 2025 00:10:00 GMT"), 60);
    for nonsense in ["", "soon", "-90", "+90", "90.5", "9e1", "90 s", "\u{0669}", "Thu, 32 Jan 2026 00:10:00 GMT"] {
        assert_eq!(after(1, nonsense), 60, "{nonsense}");
    }
    let capped = policy.retry_after_cap(Duration::from_secs(100));
    assert_eq!(wait(capped.next(1, &asking(503, "3600"), NOW, 0)).as_secs(), 100);
    assert_eq!(wait(capped.next(4, &asking(503, "3600"), NOW, 0)).as_secs(), 7200, "the schedule's own wait stays");
}

proptest! {
    /// Dates against the crate httpdate, which needs `std`; in all three forms.
    #[test]
    fn dates_are_read_as_httpdate_reads_them(seconds in 0u64..253_402_300_800, before in 0u64..100_000) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let text = httpdate::fmt_http_date(time);
        let policy = RetryPolicy::of_one_second().retry_after_cap(Duration::from_secs(604_800));
        let now = at(seconds.saturating_sub(before));
        let expected = Duration::from_secs((seconds - now.as_secs()).max(1));
        prop_assert_eq!(wait(policy.next(1, &asking(503, &text), now, 0)), expected, "{}", text);
        let mut words = text.split(' ');
        let [weekday, day, month, year, clock, zone] = [(); 6].map(|()| words.next().unwrap());
        let asctime = format!("{} {month} {:>2} {clock} {year}", &weekday[..3], day.trim_start_matches('0'));
        prop_assert_eq!(httpdate::parse_http_date(&asctime).unwrap(), time);
        prop_assert_eq!(wait(policy.next(1, &asking(503, &asctime), now, 0)), expected, "{}", asctime);
        let long = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let name = long.iter().find(|name| name.starts_with(&weekday[..3])).unwrap();
        let rfc850 = format!("{name}, {day}-{month}-{} {clock} {zone}", &year[2..]);
        prop_assert_eq!(wait(policy.next(1, &asking(503, &rfc850), now, 0)), expected, "{}", rfc850);
    }

    /// No text panics or makes a retry earlier; what httpdate reads, we read (it checks the weekday, we do not).
    #[test]
    fn any_retry_after_is_harmless(text in "\\PC{0,40}|[A-Za-z]{3,9},? [0-9A-Za-z: -]{5,30}", random: u64, attempt in 1u32..5) {
        let policy = RetryPolicy::of(Provider::PLANECONNECTION).unwrap();
        let plain = wait(policy.next(attempt, &answered(503), NOW, random));
        let asked = wait(policy.next(attempt, &asking(503, &text), NOW, random));
        prop_assert!(asked >= plain && asked <= plain.max(Duration::from_secs(7200)));
    }
}

trait OneSecond {
    fn of_one_second() -> Self;
}

impl OneSecond for RetryPolicy {
    fn of_one_second() -> Self {
        Self::new().schedule(Steps::new([Duration::from_secs(1)])).jitter_percent(0)
    }
}

/// Any policy that `check` accepts.
fn sound() -> impl Strategy<Value = RetryPolicy> {
    let steps = prop::collection::vec(0u64..=604_800, 1..12).prop_map(|mut steps| {
        steps.sort_unstable();
        Schedule::from(Steps::new(steps.into_iter().map(Duration::from_secs)))
    });
    let backoff =
        (1u64..=604_800, 1.0f64..=100.0, prop::option::of(0u64..=604_800)).prop_map(|(initial, multiplier, more)| {
            let max = Duration::from_secs(more.unwrap_or(0).max(initial));
            Schedule::from(Backoff::new(Duration::from_secs(initial), multiplier).up_to(max))
        });
    let schedule = prop::option::of(prop_oneof![steps, backoff]);
    let rest = (0i64..=10, 0i64..=100, prop::option::of(0i64..=604_800));
    (schedule, rest).prop_map(|(schedule, (max_retries, jitter, cap))| {
        let mut policy = RetryPolicy::new().max_retries(max_retries).jitter_percent(jitter);
        policy.schedule = schedule;
        policy.retry_after_cap_seconds = cap;
        policy
    })
}

/// Any policy at all, as somebody may have stored it.
fn wild() -> impl Strategy<Value = RetryPolicy> {
    let steps = prop::collection::vec(any::<i64>(), 0..4).prop_map(|stored| {
        let mut steps = Steps::new([]);
        steps.steps_seconds = stored;
        Schedule::from(steps)
    });
    let backoff = (any::<i64>(), any::<f64>(), any::<Option<i64>>()).prop_map(|(initial, multiplier, max_seconds)| {
        let mut backoff = Backoff::new(Duration::ZERO, multiplier);
        backoff.initial_seconds = initial;
        backoff.max_seconds = max_seconds;
        Schedule::from(backoff)
    });
    let numbers = (any::<Option<i64>>(), any::<Option<i64>>(), any::<Option<i64>>());
    (prop::option::of(prop_oneof![steps, backoff]), numbers).prop_map(|(schedule, (max_retries, jitter, cap))| {
        let mut policy = RetryPolicy::new();
        policy.schedule = schedule;
        policy.max_retries = max_retries;
        policy.jitter_percent = jitter;
        policy.retry_after_cap_seconds = cap;
        policy
    })
}

proptest! {
    #[test]
    fn waits_grow_and_stay_within_their_bounds(policy in sound(), random: u64) {
        prop_assert_eq!(policy.check(), Ok(()));
        let waits = waits(&policy, &answered(500), random);
        prop_assert_eq!(waits.len(), policy.retries() as usize);
        let percent = policy.jitter_percent.unwrap() as u32;
        let mut before = Duration::ZERO;
        for (wait, retry) in waits.iter().zip(1..) {
            let base = policy.base_delay(retry);
            prop_assert!(base >= before, "retry {} waits {:?} after {:?}", retry, base, before);
            before = base;
            let least = if base <= Duration::from_secs(10) { base } else { base - base * percent / 100 };
            prop_assert!(*wait >= least && *wait <= base + base * percent / 100, "{:?} of {:?}", wait, base);
        }
        prop_assert!(waits.iter().sum::<Duration>() <= policy.horizon());
    }

    #[test]
    fn retry_after_is_never_earlier_and_never_beyond_the_horizon(policy in sound(), random: u64, asked: u64) {
        let plain = waits(&policy, &answered(503), random);
        let text = asked.to_string();
        let delayed = waits(&policy, &asking(503, &text), random);
        prop_assert_eq!(plain.len(), delayed.len());
        let longest = (1..=plain.len() as u32).map(|retry| policy.base_delay(retry)).max().unwrap_or_default();
        let cap = policy.retry_after_cap_seconds.map_or(longest, |seconds| Duration::from_secs(seconds as u64));
        for (delayed, plain) in delayed.iter().zip(&plain) {
            prop_assert_eq!(*delayed, (*plain).max(Duration::from_secs(asked).min(cap)));
        }
        prop_assert!(delayed.iter().sum::<Duration>() <= policy.horizon());
    }

    /// Multiplying step by step gives what the formula says, as far as floats go.
    #[test]
    fn backoff_is_initial_times_multiplier_to_the_power(initial in 1u64..100, multiplier in 1.0f64..4.0, retry in 1u32..=10) {
        let policy = RetryPolicy::new().schedule(Backoff::new(Duration::from_secs(initial), multiplier));
        let exact = (initial as f64 * multiplier.powi(retry as i32 - 1)).min(86_400.0);
        let difference = policy.base_delay(retry).as_secs_f64() - exact;
        // Each step rounds down by less than a millisecond, and that multiplies too.
        prop_assert!(difference.abs() <= 0.001 * (4f64.powi(retry as i32)), "{} off", difference);
    }

    #[test]
    fn stored_nonsense_neither_panics_nor_retries_for_ever(policy in wild(), random: u64, seconds: u64, text in "\\PC{0,30}") {
        let waits = waits(&policy, &asking(503, &text), random);
        prop_assert!(waits.len() <= 10);
        let week = Duration::from_secs(604_800);
        prop_assert!(waits.iter().all(|wait| *wait <= week * 2));
        let _ = policy.next(3, &asking(503, &text), at(seconds), random);
        prop_assert!(policy.horizon() <= week * 20);
    }

    /// Every part of the window is used: the random number really spreads deliveries.
    #[test]
    fn jitter_covers_the_window(part in 0u64..=100) {
        let policy = RetryPolicy::of(Provider::PLANECONNECTION).unwrap();
        let random = u64::MAX / 100 * part;
        let expected = 48_000 + 24_000 * part / 100;
        let waited = wait(policy.next(1, &Outcome::NoAnswer, NOW, random)).as_millis() as u64;
        prop_assert!(waited.abs_diff(expected) <= 1, "{} for {}", waited, part);
    }
}

#[test]
fn jitter_is_a_fifth_each_way_to_the_millisecond() {
    let waited = |random| {
        wait(RetryPolicy::of(Provider::PLANECONNECTION).unwrap().next(1, &Outcome::NoAnswer, NOW, random)).as_millis()
    };
    assert_eq!((waited(0), waited(u64::MAX / 2 + 1), waited(u64::MAX)), (48_000, 60_000, 72_000));
}

#[test]
fn backoff_stops_at_its_limit_exactly() {
    let backoff = Backoff::new(Duration::from_secs(3), 2.0).up_to(Duration::from_secs(10));
    let policy = RetryPolicy::new().schedule(backoff);
    let base: Vec<u64> = (1..=4).map(|retry| policy.base_delay(retry).as_millis() as u64).collect();
    assert_eq!(base, [3000, 6000, 10_000, 10_000]);
    // Stored by hand: a multiplier that would make retries come faster and faster does not.
    for multiplier in [0.0, -3.0, 0.5, f64::NAN, f64::NEG_INFINITY] {
        let policy = RetryPolicy::new().schedule(Backoff::new(Duration::from_secs(3), multiplier));
        assert_eq!(policy.base_delay(10), Duration::from_secs(3), "{multiplier}");
    }
}

#[test]
fn short_waits_only_become_longer() {
    let policy = RetryPolicy::of(Provider::SVIX).unwrap();
    let waited = |random| wait(policy.next(1, &Outcome::NoAnswer, NOW, random)).as_millis();
    assert_eq!((waited(0), waited(u64::MAX)), (5000, 6000));
    let immediate = RetryPolicy::new().schedule(Steps::new([0, 60].map(Duration::from_secs)));
    assert_eq!(wait(immediate.next(1, &Outcome::NoAnswer, NOW, u64::MAX)), Duration::ZERO);
}

fn rules() -> BreakerPolicy {
    BreakerPolicy::new().failures(3).pause(Duration::from_secs(60)).disable_after_days(5)
}

fn failed_until_open(now: u64) -> Breaker {
    let mut breaker = Breaker::default();
    assert_eq!(breaker.record(false, &rules(), at(now)), Change::None);
    assert_eq!(breaker.record(false, &rules(), at(now)), Change::None);
    assert_eq!(breaker.admit(&rules(), at(now)), Admission::Send);
    assert_eq!(breaker.record(false, &rules(), at(now)), Change::Opened { until: at(now + 60) });
    breaker
}

#[test]
fn a_breaker_opens_probes_and_closes() {
    let mut breaker = failed_until_open(1000);
    assert_eq!(breaker.admit(&rules(), at(1059)), Admission::Wait { until: at(1060) });
    assert_eq!(breaker.admit(&rules(), at(1060)), Admission::Probe);
    // One probe at a time.
    assert_eq!(breaker.admit(&rules(), at(1060)), Admission::Wait { until: at(1120) });
    assert_eq!(breaker.record(false, &rules(), at(1061)), Change::Opened { until: at(1121) });
    assert_eq!(breaker.admit(&rules(), at(1121)), Admission::Probe);
    assert_eq!(breaker.record(true, &rules(), at(1122)), Change::Closed);
    assert_eq!(breaker, Breaker::default());
    assert_eq!(breaker.admit(&rules(), at(1122)), Admission::Send);
    assert_eq!(breaker.record(true, &rules(), at(1123)), Change::None);
}

#[test]
fn a_probe_that_never_comes_back_is_replaced() {
    let mut breaker = failed_until_open(0);
    assert_eq!(breaker.admit(&rules(), at(60)), Admission::Probe);
    assert_eq!(breaker.admit(&rules(), at(119)), Admission::Wait { until: at(120) });
    assert_eq!(breaker.admit(&rules(), at(120)), Admission::Probe);
}

#[test]
fn attempts_from_before_the_pause_do_not_prolong_it() {
    let mut breaker = failed_until_open(1000);
    assert_eq!(breaker.record(false, &rules(), at(1030)), Change::None);
    assert_eq!(breaker.state(), BreakerState::Open { until: at(1060) });
    assert_eq!(breaker.record(true, &rules(), at(1031)), Change::Closed);
}

#[test]
fn an_endpoint_is_disabled_after_days_of_failure_only() {
    const DAY: u64 = 86_400;
    let mut breaker = failed_until_open(0);
    assert_eq!(breaker.record(false, &rules(), at(5 * DAY - 1)), Change::None);
    assert_eq!(breaker.record(false, &rules(), at(5 * DAY)), Change::Disable);
    // A success in between starts the count anew.
    let mut breaker = failed_until_open(0);
    breaker.record(true, &rules(), at(4 * DAY));
    for _ in 0..3 {
        assert_ne!(breaker.record(false, &rules(), at(6 * DAY)), Change::Disable);
    }
    // Two failures far apart say nothing about the days between them.
    let mut quiet = Breaker::default();
    quiet.record(false, &rules(), at(0));
    assert_eq!(quiet.record(false, &rules(), at(30 * DAY)), Change::None);
    let never = rules().disable_after_days(0);
    let mut breaker = failed_until_open(0);
    assert_eq!(breaker.record(false, &never, at(1000 * DAY)), Change::None);
}

#[test]
fn a_clock_that_jumps_back_does_not_make_a_pause_endless() {
    let mut breaker = failed_until_open(1_000_000);
    assert_eq!(breaker.admit(&rules(), at(500)), Admission::Wait { until: at(560) });
    assert_eq!(breaker.admit(&rules(), at(501)), Admission::Wait { until: at(561) });
}

#[test]
fn a_breaker_is_stored_and_read_back() {
    let mut breaker = failed_until_open(1000);
    for _ in 0..2 {
        let text = serde_json::to_string(&breaker).unwrap();
        assert_eq!(serde_json::from_str::<Breaker>(&text).unwrap(), breaker, "{text}");
        breaker.admit(&rules(), at(2000));
    }
    assert_eq!(
        serde_json::to_value(failed_until_open(1000)).unwrap(),
        serde_json::json!({ "state": { "open": { "until": 1060 } }, "failures": 3, "failing_since": 1000 })
    );
}

proptest! {
    /// Against any history: pauses end, only attempts change anything, and open means that nothing is sent.
    #[test]
    fn breakers_keep_their_promises(events in prop::collection::vec((0u64..200, any::<bool>()), 1..200)) {
        let mut breaker = Breaker::default();
        let mut now = 1_000_000;
        let mut failures_in_a_row = 0u32;
        for (later, accepted) in events {
            now += later;
            let before = breaker;
            match breaker.admit(&rules(), at(now)) {
                Admission::Wait { until } => {
                    // Waiting changes nothing and is over within a pause.
                    prop_assert_eq!(breaker, before);
                    prop_assert!(until > at(now) && until <= at(now + 60));
                    prop_assert!(failures_in_a_row >= 3);
                    continue;
                }
                // Each later one here follows an outcome, so no probe is ever out.
                Admission::Probe => {
                    let open = matches!(before.state(), BreakerState::Open { .. });
                    prop_assert!(open);
                }
                Admission::Send => prop_assert_eq!(before.state(), BreakerState::Closed),
            }
            breaker.record(accepted, &rules(), at(now));
            failures_in_a_row = if accepted { 0 } else { failures_in_a_row + 1 };
            prop_assert_eq!(breaker.failures(), failures_in_a_row);
            prop_assert_eq!(breaker.state() == BreakerState::Closed, failures_in_a_row < 3);
        }
    }
}
