//! The Rust crate beside others, in one run: medians of interleaved rounds, and the factor against ours.
//!
//! All verify the same Standard Webhooks delivery. `standardwebhooks` reads the system clock itself, so the delivery is
//! signed now; `ring` gets the finished content and the finished MAC: it is the floor, a MAC without a protocol.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign::diagnose::{DiagnoseOptions, diagnose};
use countersign::{Delivery, Provider, SignOptions, UnixTime, Webhook};
use http::{HeaderMap, HeaderName, HeaderValue};
use ring::hmac;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SIZES: [usize; 5] = [256, 1024, 4096, 65_536, 1_048_576];
const NAMES: [&str; 3] = ["countersign", "standardwebhooks", "ring, HMAC only"];

/// How long one batch takes at least, and how long one size takes in all.
const BATCH: Duration = Duration::from_millis(1);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let budget = Duration::from_millis(if has("--quick") { 100 } else { 1500 });

    let contest = Contest::new()?;
    let mut rows: Vec<(usize, [f64; 3])> = Vec::new();
    for size in SIZES {
        rows.push((size, contest.at(size, budget)?));
    }
    let explaining: Vec<(&str, f64)> = unexplained()
        .into_iter()
        .map(|(kind, body)| Ok((kind, explaining(&body, contest.now, budget / 4)?)))
        .collect::<Result<_>>()?;
    if has("--json") {
        println!("{}", json(&rows, &explaining));
    } else {
        print(&rows);
        println!("\nExplaining a body of 100 KiB whose cause is unknown, so that everything is tried\n");
        for (kind, took) in &explaining {
            println!("  {kind:28} {:>10}", time(*took));
        }
    }
    Ok(())
}

/// Bodies of 100 KiB: ordinary JSON, and what is made to be much work.
fn unexplained() -> Vec<(&'static str, Vec<u8>)> {
    const SIZE: usize = 100 << 10;
    let filled = |start: &str, item: &str, end: &str| {
        let items = item.repeat((SIZE - start.len() - end.len()) / item.len());
        [start, &items, end].concat().into_bytes()
    };
    vec![
        ("JSON", body(SIZE).into_bytes()),
        ("JSON as Python writes it", filled("[", r#"{"id": 1, "name": "Z\u00fcrich <a/b>", "price": 1.0}, "#, "null]")),
        ("JSON, indented", filled("[\n", "  {\n    \"id\": 1,\n    \"name\": \"a\"\n  },\n", "  null\n]")),
        ("arrays of numbers", filled("[", "1,", "1]")),
        ("ids beyond 2^53", filled("[", "18446744073709552000,", "1]")),
        ("short strings", filled("[", "\"a\",", "1]")),
        ("small objects", filled("[", r#"{"b":1,"a":2},"#, "1]")),
        ("deep nesting", filled(&"[".repeat(126), "1,", &format!("1{}", "]".repeat(126)))),
        ("all escapes", filled("\"", "\\u00e9", "\"")),
        ("all beyond ASCII", filled("{\"a\":\"", "é", "\"}")),
        ("white space", b" ".repeat(SIZE)),
        ("bytes that are no text", (0..SIZE).map(|at| ((at * 167) >> 3) as u8 | 0x80).collect()),
        ("a form", filled("a=1", "&field=va+lue%20x", "")),
        ("base64", filled("", "eyJhIjoxfSwg", "")),
        ("gzip of 7 MiB", gzip(&b" ".repeat(7 << 20))),
    ]
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let deflated = miniz_oxide::deflate::compress_to_vec(text, 6);
    [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], deflated.as_slice(), &[0; 8]].concat()
}

/// Nanoseconds for the worst case of explaining: another endpoint's secret, so nothing that is tried fits.
fn explaining(body: &[u8], now: UnixTime, budget: Duration) -> Result<f64> {
    let headers = Provider::STRIPE.webhook("whsec_of_theirs")?.sign(body, &SignOptions::at(now))?;
    let explain = || {
        let delivery = Delivery::new(&headers, body);
        let why = diagnose(Provider::STRIPE, "whsec_of_ours", &delivery, now, &DiagnoseOptions::new());
        why.causes.iter().any(|cause| cause.proven)
    };
    if explain() {
        return Err("A cause is named where there is none.".into());
    }
    let mut times = Vec::new();
    let end = Instant::now() + budget;
    while times.len() < 7 || Instant::now() < end {
        times.push(batch(&explain, 1).as_nanos() as f64);
    }
    Ok(median(times))
}

/// What each contestant prepares once, at start-up.
struct Contest {
    ours: Webhook,
    theirs: standardwebhooks::Webhook,
    ring: hmac::Key,
    now: UnixTime,
}

/// One delivery, in the form that each contestant takes.
struct Sample {
    headers: HeaderMap,
    body: Vec<u8>,
    content: Vec<u8>,
    mac: hmac::Tag,
}

impl Contest {
    fn new() -> Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let key = base64(SECRET.trim_start_matches("whsec_"));
        Ok(Self {
            ours: Provider::STANDARD_WEBHOOKS.webhook(SECRET)?,
            theirs: standardwebhooks::Webhook::new(SECRET)?,
            ring: hmac::Key::new(hmac::HMAC_SHA256, &key),
            now: UnixTime::from_secs(now),
        })
    }

    /// Nanoseconds for one delivery of that size, for each contestant.
    fn at(&self, size: usize, budget: Duration) -> Result<[f64; 3]> {
        let sample = self.sample(size)?;
        let checks: [&dyn Fn() -> bool; 3] = [
            &|| self.ours.verify(&Delivery::new(&sample.headers, &sample.body), self.now).is_ok(),
            &|| self.theirs.verify(&sample.body, &sample.headers).is_ok(),
            &|| hmac::verify(&self.ring, &sample.content, sample.mac.as_ref()).is_ok(),
        ];
        if !checks.iter().all(|check| check()) {
            return Err("A contestant refuses an honest delivery.".into());
        }
        self.prove(&sample)?;

        let counts = checks.map(warm_up);
        let mut times: [Vec<f64>; 3] = Default::default();
        let end = Instant::now() + budget;
        let mut round = 0;
        while round < 7 || Instant::now() < end {
            // Each starts some of the rounds, so that none always follows the same one.
            for turn in 0..checks.len() {
                let at = (turn + round) % checks.len();
                if let (Some(check), Some(count), Some(list)) = (checks.get(at), counts.get(at), times.get_mut(at)) {
                    list.push(batch(check, *count).as_nanos() as f64 / *count as f64);
                }
            }
            round += 1;
        }
        Ok(times.map(median))
    }

    /// Signs with `standardwebhooks`, so that ours does not make its own test data.
    fn sample(&self, size: usize) -> Result<Sample> {
        let text = body(size);
        let signature = self.theirs.sign(ID, i64::try_from(self.now.as_secs())?, text.as_bytes())?;
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "hooks.example.com"),
            ("user-agent", "Sender/1.0 (+https://example.com/webhooks)"),
            ("content-type", "application/json; charset=utf-8"),
            ("accept", "*/*"),
            ("accept-encoding", "gzip, deflate"),
            ("x-forwarded-for", "203.0.113.7"),
            ("x-forwarded-proto", "https"),
            ("webhook-id", ID),
            ("webhook-timestamp", &self.now.as_secs().to_string()),
            ("webhook-signature", &signature),
        ] {
            headers.insert(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        let content = format!("{ID}.{}.{text}", self.now.as_secs()).into_bytes();
        let mac = hmac::sign(&self.ring, &content);
        Ok(Sample { headers, body: text.into_bytes(), content, mac })
    }

    /// A contestant that accepts everything is fast; so each shows first that it does not.
    fn prove(&self, sample: &Sample) -> Result<()> {
        let other = self.ours.sign("another body", &SignOptions::at(self.now).id(ID))?;
        let mut headers = sample.headers.clone();
        for (name, value) in other {
            headers.insert(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        let accepted = self.ours.verify(&Delivery::new(&headers, &sample.body), self.now).is_ok()
            || self.theirs.verify(&sample.body, &headers).is_ok()
            || hmac::verify(&self.ring, b"another body", sample.mac.as_ref()).is_ok();
        if accepted { Err("A contestant accepts a forged delivery.".into()) } else { Ok(()) }
    }
}

/// A JSON body of exactly that many bytes.
fn body(size: usize) -> String {
    const LINE: &str = r#"{"id":"il_0001","amount":4900,"currency":"usd","description":"1 × Crew seat – Zürich"},"#;
    let mut text = String::from(r#"{"type":"invoice.paid","timestamp":"2026-01-01T00:00:00Z","data":{"lines":["#);
    let end = r#"null],"pad":""}}"#;
    while text.len() + LINE.len() + end.len() <= size {
        text.push_str(LINE);
    }
    text.push_str(r#"null],"pad":""#.trim_end_matches('"'));
    text.push('"');
    while text.len() + r#""}}"#.len() < size {
        text.push('x');
    }
    text.push_str(r#""}}"#);
    text
}

/// Runs for a while, so that caches and clocks are warm, and says how many calls make a batch.
fn warm_up(check: &dyn Fn() -> bool) -> usize {
    let start = Instant::now();
    let mut count = 1;
    loop {
        let took = batch(check, count);
        if took >= BATCH && start.elapsed() >= BATCH * 50 {
            return count;
        }
        if took < BATCH {
            count *= 2;
        }
    }
}

fn batch(check: &dyn Fn() -> bool, count: usize) -> Duration {
    let start = Instant::now();
    for _ in 0..count {
        black_box(check());
    }
    start.elapsed()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for value in text.bytes().filter_map(|byte| ALPHABET.iter().position(|known| *known == byte)) {
        bits = bits << 6 | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

fn print(rows: &[(usize, [f64; 3])]) {
    println!("The Rust crate, native: a Standard Webhooks delivery verified");
    println!("Medians of interleaved rounds. x is the factor against countersign: above 1 is slower.\n");
    print!("  {:16}", "");
    for (size, _) in rows {
        print!("   {:>15}", bytes(*size));
    }
    println!("\n  {}{}", "-".repeat(16), format!("   {}", "-".repeat(15)).repeat(rows.len()));
    for (at, name) in NAMES.iter().enumerate() {
        print!("  {name:16}");
        for (_, times) in rows {
            let (took, ours) = (times.get(at).copied().unwrap_or(f64::NAN), times[0]);
            print!("   {:>15}", format!("{} x{:.2}", time(took), took / ours));
        }
        println!();
    }
}

fn json(rows: &[(usize, [f64; 3])], explaining: &[(&str, f64)]) -> String {
    let row = |(size, times): &(usize, [f64; 3])| {
        let cells: Vec<String> =
            NAMES.iter().zip(times).map(|(name, took)| format!("\"{name}\": {:.3}", took / 1000.0)).collect();
        format!("    \"{size}\": {{ {} }}", cells.join(", "))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    let rows = rows.join(",\n");
    let explaining: Vec<String> =
        explaining.iter().map(|(kind, took)| format!("    \"{kind}\": {:.3}", took / 1000.0)).collect();
    let explaining = explaining.join(",\n");
    format!("{{\n  \"microseconds\": {{\n{rows}\n  }},\n  \"explaining_microseconds\": {{\n{explaining}\n  }}\n}}")
}

fn bytes(size: usize) -> String {
    match size {
        1_048_576.. => format!("{} MiB", size / 1_048_576),
        1024.. => format!("{} KiB", size / 1024),
        _ => format!("{size} B"),
    }
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        0.0..100_000.0 => format!("{:.2} us", nanoseconds / 1000.0),
        10_000_000.0.. => format!("{:.1} ms", nanoseconds / 1_000_000.0),
        _ => format!("{:.0} us", nanoseconds / 1000.0),
    }
}
