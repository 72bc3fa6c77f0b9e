//! Explaining is bounded: what it counts, what it allocates and what it holds at once, for bodies that are made to be much
//! work.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use base64ct::{Base64, Encoding as _};
use countersign::diagnose::{DiagnoseOptions, diagnose};
use countersign::{Delivery, Keyring, Provider, Secret, SignOptions, UnixTime};

const SIZE: usize = 100 << 10;
const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

/// What may be counted: 16 MiB, and what the last look at a body costs beyond. In Node 4 ns each, so 150 ms are far.
const MOST_WORK: usize = 18 << 20;

/// What may be allocated in all, each allocation as 64 bytes more. Everything that is written is allocated, so work that is
/// not counted shows here.
const MOST_ALLOCATED: usize = 4 * MOST_WORK;

/// What may be held at once beside the body: three times its size, where the body is not small.
fn most_held(body: usize) -> usize {
    (3 * body).max(4 << 20)
}

thread_local! {
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST_HELD: Cell<isize> = const { Cell::new(0) };
}

/// Counts what each thread allocates and holds.
struct Counting;

impl Counting {
    fn count(new: usize, old: usize) {
        ALLOCATED.set(ALLOCATED.get() + new.saturating_sub(old) + if new > 0 { 64 } else { 0 });
        HELD.set(HELD.get() + new as isize - old as isize);
        MOST_HELD.set(MOST_HELD.get().max(HELD.get()));
    }
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        Self::count(0, layout.size());
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While a block grows, both may be there.
        Self::count(size, 0);
        Self::count(0, layout.size());
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// As many items as fit.
fn filled(start: &str, item: impl Fn(usize) -> String, end: &str) -> Vec<u8> {
    filled_to(SIZE, start, item, end)
}

fn filled_to(size: usize, start: &str, item: impl Fn(usize) -> String, end: &str) -> Vec<u8> {
    let mut text = String::from(start);
    let mut number = 0;
    while text.len() + item(number).len() + end.len() < size {
        text.push_str(&item(number));
        number += 1;
    }
    text.push_str(end);
    text.into_bytes()
}

fn list(item: impl Fn(usize) -> String) -> Vec<u8> {
    filled("[", |number| item(number) + ",", "null]")
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let deflated = miniz_oxide::deflate::compress_to_vec(text, 6);
    [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], &deflated[..], &[0; 8]].concat()
}

fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let nested = |open: &str, depth, item: &str| {
        filled(&open.repeat(depth), |_| format!("{item},"), &format!("1{}", "]".repeat(depth)))
    };
    let row = |number: usize| format!(r#"{{"id":{number},"name":"Zoë <a/b>","price":{number}.0,"n":{number}}},"#);
    let rows = filled("[", row, "null]");
    // Bytes as random as they need to be.
    let noise: Vec<u8> = (0_u32..SIZE as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    vec![
        ("rows", rows.clone()),
        ("spaces", b" ".repeat(SIZE)),
        ("line breaks", b"\r\n".repeat(SIZE / 2)),
        ("space in brackets", filled("[1,", |_| " ".into(), "2]")),
        ("digits", list(|_| "1".into())),
        ("floats", list(|number| format!("{number}.0"))),
        ("large numbers", list(|_| "18446744073709552000".into())),
        ("ids", list(|number| format!(r#"{{"id":1234567890123456800,"n":{number}}}"#))),
        ("times", list(|_| r#""2026-01-01T00:00:00Z""#.into())),
        ("short strings", list(|_| r#""a""#.into())),
        ("empty arrays", list(|_| "[]".into())),
        ("keys", filled("{", |number| format!(r#""k{number}":{number},"#), r#""k":0}"#)),
        ("small objects", list(|_| r#"{"b":1,"a":2}"#.into())),
        ("orders", filled("[", |at| if at < 15 { format!(r#"{{"a{at}":1,"b{at}":2}},"#) } else { "1,".into() }, "1]")),
        ("deep", nested("[", 126, "1")),
        ("deep, and deeper", nested("[", 120, "[[[[[[[1]]]]]]]")),
        ("too deep", b"[".repeat(SIZE)),
        ("escapes", filled("\"", |_| "\\u00e9".into(), "\"")),
        ("escaped quotes", filled("{\"a\":\"", |_| "\\\"".into(), "\"}")),
        ("not ASCII", filled("{\"a\":\"", |_| "é".into(), "\"}")),
        ("not UTF-8", noise.clone()),
        ("0xff", vec![0xff; SIZE]),
        ("zeros", vec![0; SIZE]),
        ("form", filled("a=1", |number| format!("&field{number}=va+lue%20{number}"), "")),
        ("ampersands", b"&".repeat(SIZE)),
        ("question marks", b"?".repeat(SIZE)),
        ("lost characters", [b"\"?????????? ", &b"x".repeat(SIZE)[..], b"\""].concat()),
        ("base64", Base64::encode_string(&rows[..SIZE / 4 * 3]).into_bytes()),
        ("hex", b"7b".repeat(SIZE / 2)),
        ("gzip", gzip(&rows)),
        ("gzip of spaces", gzip(&b" ".repeat(7 << 20))),
        ("gzip of strings", gzip(&[b"[", &b"\"a\",".repeat(1 << 20)[..], b"1]"].concat())),
        ("gzip of too much", gzip(&b" ".repeat(80 << 20))),
        ("JSON in JSON", serde_json::to_vec(std::str::from_utf8(&rows[..SIZE / 2]).unwrap()).unwrap()),
        ("truncated", rows[..rows.len() - 1].to_vec()),
    ]
}

/// Providers of each kind, with the secrets that sign and the secrets that we hold, none of which is right.
fn rings() -> Vec<(Provider, Vec<String>, Vec<String>)> {
    let text = |number: usize| format!("plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f{number}");
    let whsec = |number: u8| format!("whsec_{}", Base64::encode_string(&[number; 24]));
    let whsk = |number: u8| format!("whsk_{}", Base64::encode_string(&[number; 32]));
    vec![
        (Provider::GITHUB, vec![text(1)], vec![text(2)]),
        (Provider::STRIPE, vec![text(1)], vec![text(2)]),
        (Provider::SVIX, vec![whsec(1), whsec(2), whsec(3)], vec![whsec(4), whsec(5), whsec(6)]),
        (Provider::STANDARD_WEBHOOKS, vec![whsk(1)], vec![whsk(2)]),
    ]
}

/// The headers of all these secrets, their signatures in one list.
fn signed(provider: Provider, secrets: &[String], body: &[u8]) -> Vec<(String, String)> {
    let id = provider.dialects()[0].scheme().id.is_some().then_some("msg_1");
    let mut all: Vec<(String, String)> = Vec::new();
    for secret in secrets {
        for (name, value) in
            provider.webhook(secret.as_str()).unwrap().sign(body, &SignOptions::at(NOW).id(id)).unwrap()
        {
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) if *known != value => *known = [known, " ", &value].concat(),
                Some(_) => {}
                None => all.push((name, value)),
            }
        }
    }
    all
}

/// Larger bodies, by which work and memory must not grow with them.
fn large_kinds() -> Vec<(&'static str, Vec<u8>)> {
    let row = |number: usize| format!(r#"{{"id":{number},"name":"Zoë <a/b>","price":{number}.0,"n":{number}}},"#);
    let rows = |size| filled_to(size, "[", row, "null]");
    let lines = |size| filled_to(size, "[\n", |number| format!("  {{ \"id\": {number} }},\r\n"), "null]\n");
    vec![
        ("10 KiB of rows", rows(10 << 10)),
        ("1 MiB of rows", rows(1 << 20)),
        ("5 MiB of rows", rows(5 << 20)),
        ("2 MiB of digits", filled_to(2 << 20, "[", |_| "1,".into(), "1]")),
        ("200 KiB of digits", filled_to(200 << 10, "[", |_| "1,".into(), "1]")),
        ("250 KiB of rows", rows(250 << 10)),
        ("5 MiB of lines", lines(5 << 20)),
        ("5 MiB of letters", b"x".repeat(5 << 20)),
        ("5 MiB of spaces", b" ".repeat(5 << 20)),
        ("5 MiB, not ASCII", filled_to(5 << 20, "{\"a\":\"", |_| "é".repeat(1000), "\"}")),
        ("5 MiB, not UTF-8", b"\xff".repeat(5 << 20)),
        ("1 MiB of a form", b"a=b&".repeat(1 << 18)),
        ("1 MiB, percent-encoded", b"%7B%22a%22".repeat(1 << 17)),
        ("2 MiB of base64", Base64::encode_string(&rows(3 << 19)).into_bytes()),
        (
            "5 MiB of gzip",
            gzip(&(0_u32..6 << 20).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>()),
        ),
        ("1 MiB of JSON in JSON", serde_json::to_vec(std::str::from_utf8(&rows(900 << 10)).unwrap()).unwrap()),
    ]
}

#[test]
fn no_body_is_more_work_or_memory_than_the_bound() {
    let mut failures = Vec::new();
    for (kind, body) in kinds().into_iter().chain(large_kinds()) {
        for (provider, theirs, ours) in rings() {
            let headers = signed(provider, &theirs, &body);
            let ring = Keyring::new(ours.iter().map(|secret| Secret::new(secret.clone())));
            let delivery = Delivery::new(&headers, &body);
            let before = (ALLOCATED.get(), HELD.get());
            MOST_HELD.set(before.1);
            let why = diagnose(provider, ring, &delivery, NOW, &DiagnoseOptions::new());
            let (allocated, held) = (ALLOCATED.get() - before.0, (MOST_HELD.get() - before.1) as usize);
            assert!(why.causes.iter().all(|cause| !cause.proven), "{kind}, {}: {:?}", provider.name(), why.causes);
            let (work, size) = (why.work, body.len());
            if work > MOST_WORK + 2 * size || allocated > MOST_ALLOCATED + 8 * size || held > most_held(size) {
                failures
                    .push(format!("{kind}, {}: {work} counted, {allocated} allocated, {held} held", provider.name()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Who asks for more gets more.
#[test]
fn effort_raises_the_bound() {
    let row = |number: usize| format!(r#"{{"id":{number},"name":"Zoë <a/b>","price":{number}.0}},"#);
    let body = filled("[", row, "null]");
    let headers = signed(Provider::GITHUB, &["a-secret-of-some-length".into()], &body);
    let delivery = Delivery::new(&headers, &body);
    let work = |effort| {
        let options = DiagnoseOptions::new().effort(effort);
        let why = diagnose(Provider::GITHUB, "another-secret-of-a-length", &delivery, NOW, &options);
        (why.work, why.untried.len())
    };
    let (little, much) = (work(1), work(10));
    assert!(much.0 > 3 * little.0 && much.1 <= little.1, "{little:?} {much:?}");
    assert_eq!(work(0), little);
}
