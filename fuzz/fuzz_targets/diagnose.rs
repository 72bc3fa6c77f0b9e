//! Explaining any delivery: it never panics, ends within its bound, says "valid" exactly where verifying does, and shows
//! no secret.
#![no_main]

use countersign::Delivery;
use countersign::diagnose::{DiagnoseOptions, Verdict, diagnose};
use countersign_fuzz::memory::at_most;
use countersign_fuzz::{Who, case};
use libfuzzer_sys::fuzz_target;

// Whatever is looked for in a small body, the candidates take 4 MiB at the most.
fuzz_target!(|text: &[u8]| at_most(4 << 20, 10, text, || run(text)));

fn run(text: &[u8]) {
    let Some(case) = case(text) else { return };
    let delivery = Delivery::new(&case.headers, case.body);
    let options = DiagnoseOptions::new();
    let diagnosis = match &case.who {
        Who::Known(provider) => diagnose(*provider, case.secret, &delivery, case.now, &options),
        Who::Custom(scheme) => diagnose(scheme, case.secret, &delivery, case.now, &options),
    };
    let verified = match case.who.webhook(case.secret) {
        Ok(webhook) => webhook.verify(&delivery, case.now).is_ok(),
        Err(_) => false,
    };
    assert_eq!(diagnosis.code == Verdict::Valid, verified, "{diagnosis:?}");
    let said = serde_json::to_string(&diagnosis).expect("a diagnosis is plain data");
    let elsewhere = [case.body].into_iter().chain(case.headers.iter().map(|(_, value)| *value));
    let in_delivery = elsewhere.into_iter().any(|bytes| String::from_utf8_lossy(bytes).contains(case.secret));
    let in_name = case.headers.iter().any(|(name, _)| name.contains(case.secret));
    if case.secret.len() >= 16 && !in_delivery && !in_name {
        assert!(!said.contains(case.secret), "{said}");
    }
}
