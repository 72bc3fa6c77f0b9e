//! Verifying any delivery: it never panics, gives the same answer twice, and no error or event shows the secret.
#![no_main]

use countersign::Delivery;
use countersign_fuzz::memory::{A_LITTLE, at_most};
use countersign_fuzz::{Who, case};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| at_most(A_LITTLE, 10, text, || run(text)));

fn run(text: &[u8]) {
    let Some(case) = case(text) else { return };
    let Ok(webhook) = case.who.webhook(case.secret) else { return };
    let delivery = Delivery::new(&case.headers, case.body);
    let (first, second) = (webhook.verify(&delivery, case.now), webhook.verify(&delivery, case.now));
    match (&first, &second) {
        (Ok(first), Ok(second)) => {
            assert_eq!(first.raw(), case.body);
            assert_eq!(first.replay_key(), second.replay_key());
            let begins = match &case.who {
                Who::Known(provider) => format!("{}:", provider.name()),
                Who::Custom(scheme) => format!("custom/{}", scheme.name.as_deref().unwrap_or("sha256-")),
            };
            assert!(first.replay_key().starts_with(&begins), "{}", first.replay_key());
            assert_eq!(first.event_type(), second.event_type());
            assert_eq!(first.id(), second.id());
        }
        (Err(first), Err(second)) => {
            assert_eq!(first.code(), second.code());
            assert!((400..600).contains(&first.code().status()), "{first}");
            assert!(!shows(&format!("{first} {first:?}"), &case), "{first:?}");
        }
        _ => panic!("verifying twice gave two answers"),
    }
    assert!(!shows(&format!("{webhook:?}"), &case), "{webhook:?}");
}

/// Whether the secret is in a text that is to be safe to log; a secret that is a common word proves nothing.
fn shows(said: &str, case: &countersign_fuzz::Case<'_>) -> bool {
    let with_headers = case.headers.iter().any(|(name, _)| name.contains(case.secret));
    case.secret.len() >= 16 && !with_headers && said.contains(case.secret)
}
