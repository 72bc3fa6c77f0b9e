//! The replay memory against a plain model, and the promises of its lease protocol.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::collections::HashMap;

use core::time::Duration;

use countersign::UnixTime;
use countersign::once::{Claim, ReplayMemory, Token};
use proptest::prelude::*;

fn at(seconds: u64) -> UnixTime {
    UnixTime::from_secs(seconds)
}

fn claimed(claim: Claim) -> Token {
    match claim {
        Claim::New(token) => token,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_duplicate_waits_then_is_done() {
    let mut memory = ReplayMemory::new(10);
    let token = claimed(memory.claim("a", at(100), Duration::from_secs(60)));
    assert_eq!(memory.claim("a", at(101), Duration::from_secs(60)), Claim::InProgress(Duration::from_secs(60)));
    assert_eq!(memory.claim("a", at(160), Duration::from_secs(60)), Claim::InProgress(Duration::from_secs(1)));
    assert!(memory.commit(&token, at(1000)));
    assert_eq!(memory.claim("a", at(1000), Duration::from_secs(60)), Claim::Done);
    // A second later the memory may forget: nothing with this key can still be fresh.
    claimed(memory.claim("a", at(1001), Duration::from_secs(60)));
}

#[test]
fn a_failed_handler_gives_the_key_back() {
    let mut memory = ReplayMemory::new(10);
    let token = claimed(memory.claim("a", at(100), Duration::from_secs(60)));
    assert!(memory.release(&token));
    assert!(!memory.release(&token));
    assert!(memory.is_empty());
    claimed(memory.claim("a", at(100), Duration::from_secs(60)));
}

#[test]
fn a_dead_handler_loses_its_lease_and_cannot_commit_any_more() {
    let mut memory = ReplayMemory::new(10);
    let dead = claimed(memory.claim("a", at(100), Duration::from_secs(60)));
    let alive = claimed(memory.claim("a", at(161), Duration::from_secs(60)));
    assert!(!memory.commit(&dead, at(1000)));
    assert!(!memory.release(&dead));
    assert!(memory.commit(&alive, at(1000)));
    assert_eq!(memory.claim("a", at(200), Duration::from_secs(60)), Claim::Done);
}

#[test]
fn a_full_memory_forgets_what_ends_first_and_never_a_running_handler() {
    let mut memory = ReplayMemory::new(3);
    let running = claimed(memory.claim("running", at(0), Duration::from_secs(1000)));
    for (key, end) in [("long", 900), ("short", 500)] {
        let token = claimed(memory.claim(key, at(0), Duration::from_secs(60)));
        memory.commit(&token, at(end));
    }
    claimed(memory.claim("fourth", at(1), Duration::from_secs(1000)));
    assert_eq!(memory.len(), 3);
    assert_eq!(memory.claim("long", at(1), Duration::from_secs(60)), Claim::Done);
    claimed(memory.claim("short", at(1), Duration::from_secs(1000)));
    assert_eq!(memory.claim("one more", at(1), Duration::from_secs(60)), Claim::Full);
    assert_eq!(memory.claim("running", at(1), Duration::from_secs(60)), Claim::InProgress(Duration::from_secs(1000)));
    assert!(memory.commit(&running, at(2000)));
}

#[test]
fn a_flood_leaves_memory_flat() {
    let mut memory = ReplayMemory::new(1_000);
    for number in 0..100_000u64 {
        let token = claimed(memory.claim(&number.to_string(), at(number / 100), Duration::from_secs(30)));
        memory.commit(&token, at(number / 100 + 300));
    }
    assert_eq!(memory.len(), 1_000);
    for number in 99_000..100_000u64 {
        assert_eq!(memory.claim(&number.to_string(), at(1_000), Duration::from_secs(30)), Claim::Done, "{number}");
    }
}

#[derive(Clone, Debug)]
enum Step {
    Claim(u8, u64),
    Commit(usize, u64),
    Release(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0u8..6, 1u64..50).prop_map(|(key, lease)| Step::Claim(key, lease)),
        (any::<usize>(), 1u64..200).prop_map(|(token, time)| Step::Commit(token, time)),
        any::<usize>().prop_map(Step::Release),
        (0u64..60).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// With room enough the memory says exactly what a map of (end, holder) says.
    #[test]
    fn agrees_with_a_plain_model(steps in proptest::collection::vec(step(), 1..120)) {
        let mut memory = ReplayMemory::new(100);
        let mut model: HashMap<u8, (u64, Option<usize>)> = HashMap::new();
        let mut tokens: Vec<(u8, Token)> = Vec::new();
        let mut now = 1000;
        for step in steps {
            match step {
                Step::Wait(seconds) => now += seconds,
                Step::Claim(key, lease) => {
                    let answer = memory.claim(&key.to_string(), at(now), Duration::from_secs(lease));
                    match model.get(&key).filter(|(end, _)| *end >= now) {
                        Some((_, None)) => prop_assert_eq!(answer, Claim::Done),
                        Some((end, Some(_))) => prop_assert_eq!(answer, Claim::InProgress(Duration::from_secs(*end - now + 1))),
                        None => {
                            model.insert(key, (now + lease, Some(tokens.len())));
                            tokens.push((key, claimed(answer)));
                        }
                    }
                }
                Step::Commit(which, time) if !tokens.is_empty() => {
                    let which = which % tokens.len();
                    let (key, token) = &tokens[which];
                    let holds = model.get(key).is_some_and(|(_, holder)| *holder == Some(which));
                    prop_assert_eq!(memory.commit(token, at(now + time)), holds);
                    if holds { model.insert(*key, (now + time, None)); }
                }
                Step::Release(which) if !tokens.is_empty() => {
                    let which = which % tokens.len();
                    let (key, token) = &tokens[which];
                    let holds = model.get(key).is_some_and(|(_, holder)| *holder == Some(which));
                    prop_assert_eq!(memory.release(token), holds);
                    if holds { model.remove(key); }
                }
                _ => {}
            }
        }
    }
}
