//! Properties that hold for every scheme: what is signed verifies, what is changed does not, and nothing panics.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use countersign::{
    Code, Delivery, Keyring, Provider, Scheme, Secret, SignOptions, SignedHeaders, UnixTime, Webhook, detect,
};
use proptest::prelude::*;

const NOW: u64 = 1_767_225_600;

/// A secret that fits a scheme's key format.
fn secret_for(scheme: &Scheme) -> &'static str {
    match serde_json::to_value(scheme.key).unwrap().as_str().unwrap() {
        "base64" | "whsec" => "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "hex" => "00112233445566778899aabbccddeeff",
        "ed25519" => "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
        _ => "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5",
    }
}

/// Every dialect of every provider, Ed25519 keys where a scheme takes both kinds, and schemes of one's own.
fn webhooks() -> Vec<(String, Scheme, Webhook)> {
    let mut all = Vec::new();
    for provider in Provider::ALL {
        for dialect in provider.dialects() {
            let scheme = dialect.scheme();
            let webhook = provider.pinned(scheme.clone(), secret_for(&scheme)).unwrap();
            all.push((format!("{}/{}", provider.name(), dialect.name), scheme.clone(), webhook));
            if scheme.signature.ed25519_prefix.is_some() {
                let secret =
                    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
                let webhook = provider.pinned(scheme.clone(), secret).unwrap();
                all.push((format!("{}/{}/v1a", provider.name(), dialect.name), scheme, webhook));
            }
        }
    }
    for (name, json) in [
        (
            "sha512",
            r#"{"signature":{"header":"X-Sig","encoding":"base64"},"signed":"{body}","algorithm":"hmac-sha512"}"#,
        ),
        (
            "sha1",
            r#"{"signature":{"header":"X-Sig","prefix":"sha1=","encoding":"hex"},"signed":"{body}","algorithm":"hmac-sha1-legacy","key":"hex"}"#,
        ),
        (
            "ms",
            r#"{"signature":{"header":"X-Sig","encoding":"hex"},"timestamp":{"header":"X-Ts","format":"unix-ms"},"id":{"header":"X-Id"},"signed":"v0:{id}:{timestamp}:{body}","key":"base64"}"#,
        ),
        (
            "iso",
            r#"{"signature":{"header":"X-Sig","prefix":"v1=","separator":";","encoding":"hex-or-base64"},"timestamp":{"field":"t","format":"iso8601"},"signed":"{timestamp},{body}"}"#,
        ),
    ] {
        let scheme: Scheme = serde_json::from_str(json).unwrap();
        let secret = secret_for(&scheme);
        all.push((name.into(), scheme.clone(), scheme.webhook(secret).unwrap()));
    }
    all
}

fn signed(webhook: &Webhook, scheme: &Scheme, body: &[u8], id: &str) -> SignedHeaders {
    let id = scheme.id.is_some().then_some(id);
    webhook.sign(body, &SignOptions::at(UnixTime::from_secs(NOW)).id(id)).unwrap()
}

fn code(webhook: &Webhook, headers: &SignedHeaders, body: &[u8]) -> Result<(), Code> {
    webhook.verify(&Delivery::new(headers, body), UnixTime::from_secs(NOW)).map(drop).map_err(|e| e.code())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn signed_deliveries_verify_and_changed_ones_do_not(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        id in "[a-zA-Z0-9_]{1,40}",
        bit in any::<prop::sample::Index>(),
    ) {
        for (name, scheme, webhook) in webhooks() {
            let headers = signed(&webhook, &scheme, &body, &id);
            prop_assert_eq!(code(&webhook, &headers, &body), Ok(()), "{}", name);

            if !body.is_empty() {
                let mut changed = body.clone();
                let at = bit.index(changed.len() * 8);
                changed[at / 8] ^= 1 << (at % 8);
                prop_assert_eq!(code(&webhook, &headers, &changed), Err(Code::SignatureMismatch), "{} body bit {}", name, at);
            }

            // Any other id or time than the signed one.
            for (header, value) in [
                scheme.id.as_ref().filter(|_| scheme.signs_id()).map(|id| (id.header.to_string(), "other".to_string())),
                scheme.timestamp.as_ref().filter(|t| scheme.signs_timestamp() && !t.header.is_empty()).map(|t| {
                    (t.header.to_string(), t.format.write(UnixTime::from_secs(NOW + 1)))
                }),
            ].into_iter().flatten() {
                let moved: SignedHeaders = headers.iter()
                    .map(|(n, v)| (n.clone(), if *n == header { value.clone() } else { v.clone() }))
                    .collect();
                prop_assert_eq!(code(&webhook, &moved, &body), Err(Code::SignatureMismatch), "{} {}", name, header);
            }
        }
    }

    /// A changed character of the signature header is refused, except that hex may change its case.
    #[test]
    fn changed_signatures_are_refused(at in any::<prop::sample::Index>(), bit in 0u32..7) {
        for (name, scheme, webhook) in webhooks() {
            let mut headers = signed(&webhook, &scheme, b"{}", "msg_1");
            let header = headers.iter_mut().find(|(n, _)| **n == *scheme.signature.header).unwrap();
            let original = header.1.clone();
            let mut bytes = original.clone().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            header.1 = changed.clone();
            let same_but_for_case = scheme.signature.encoding != countersign::Encoding::Base64
                && changed.eq_ignore_ascii_case(&original);
            // Losing the prefix is only forgiven where the scheme says so, and then the rest must still match.
            let result = code(&webhook, &headers, b"{}");
            prop_assert!(result.is_err() || same_but_for_case, "{} {:?} {:?}", name, original, changed);
        }
    }

    #[test]
    fn no_input_panics(
        values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 6),
        body in proptest::collection::vec(any::<u8>(), 0..120),
        now in any::<u64>(),
    ) {
        for (_, scheme, webhook) in webhooks() {
            let names = [
                Some(&scheme.signature.header),
                scheme.timestamp.as_ref().map(|t| &t.header),
                scheme.id.as_ref().map(|id| &id.header),
            ];
            let headers: Vec<(String, Vec<u8>)> = names.into_iter().flatten().cycle()
                .zip(&values).map(|(name, value)| (name.to_string(), value.clone())).collect();
            let _ = detect(&headers);
            if let Ok(event) = webhook.verify(&Delivery::new(&headers, &body), UnixTime::from_secs(now)) {
                let _ = (event.event_type().is_some(), event.replay_key());
            }
        }
    }

    #[test]
    fn no_secret_panics(text in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        for provider in Provider::ALL {
            for dialect in provider.dialects() {
                for prefix in ["", "whsec_", "whpk_", "whsk_", "-----BEGIN PUBLIC KEY-----"] {
                    let _ = provider.pinned(dialect.scheme(), format!("{prefix}{text}"));
                }
                let _ = provider.pinned(dialect.scheme(), Secret::from_bytes(bytes.clone()));
            }
        }
    }

    #[test]
    fn custom_scheme_text_never_panics(signed in ".{0,60}", separator in ".{0,3}", header in ".{0,10}") {
        let json = serde_json::json!({
            "signature": { "header": header, "separator": separator, "encoding": "hex" },
            "timestamp": { "field": "t" }, "signed": signed,
        });
        if let Ok(scheme) = serde_json::from_value::<Scheme>(json) {
            let _ = scheme.webhook("secret");
        }
    }
}

#[test]
fn a_flood_of_signatures_costs_sixteen() {
    let webhook = Provider::STRIPE.webhook("whsec_test").unwrap();
    let headers = signed(&webhook, &Provider::STRIPE.dialect("default").unwrap().scheme(), b"{}", "");
    let good = &headers.iter().find(|(n, _)| n == "Stripe-Signature").unwrap().1;
    // As many as the longest header that is read has room for.
    let flood = format!(",v1={}", "0".repeat(64)).repeat(900);
    let first = [("Stripe-Signature".to_string(), format!("{good}{flood}"))].to_vec();
    assert_eq!(code(&webhook, &first, b"{}"), Ok(()));
    let (time, signature) = good.split_once(',').unwrap();
    let last = [("Stripe-Signature".to_string(), format!("{time}{flood},{signature}"))].to_vec();
    assert_eq!(code(&webhook, &last, b"{}"), Err(Code::SignatureMismatch));
}

#[test]
fn secrets_are_never_shown() {
    let text = "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5";
    let secret = Secret::new(text).named("current");
    let keyring = Keyring::from(secret.clone());
    let webhook = Provider::PLANE.webhook(keyring.clone()).unwrap();
    let shown = format!("{secret:?} {keyring:?} {webhook:?}");
    assert!(shown.contains("current") && !shown.contains("3f0c5a9e"), "{shown}");
    let refused = Provider::STRIPE.webhook("sk_live_51abc").unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("51abc"));
}

/// `Delivery::new` takes what HTTP libraries have, without naming them.
#[test]
fn headers_come_in_many_shapes() {
    let name = "X-Hub-Signature-256";
    let value = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let webhook = Provider::GITHUB.webhook("It's a Secret to Everybody").unwrap();
    let now = UnixTime::from_secs(NOW);
    let body = "Hello, World!";

    let mut map = http::HeaderMap::new();
    map.insert(name, value.parse().unwrap());
    assert!(webhook.verify(&Delivery::new(&map, body), now).is_ok());
    let map = std::collections::HashMap::from([(name.to_string(), value.to_string())]);
    assert!(webhook.verify(&Delivery::new(&map, body.as_bytes()), now).is_ok());
    let map = std::collections::BTreeMap::from([(name, value)]);
    assert!(webhook.verify(&Delivery::new(&map, body), now).is_ok());
    assert!(webhook.verify(&Delivery::new([(name, value)], body), now).is_ok());
    assert!(webhook.verify(&Delivery::new(&[(name, value)], body), now).is_ok());
    assert!(webhook.verify(&Delivery::new(&vec![(name.to_string(), value.as_bytes().to_vec())], body), now).is_ok());
}
