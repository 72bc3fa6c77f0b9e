//! Any text as the URL of an endpoint: judging never panics, and what is allowed is allowed again in its normal form, to the
//! same place.
#![no_main]

use countersign::endpoint::{Host, UrlPolicy, judge_address, judge_url};
use countersign_fuzz::memory::{A_LITTLE, at_most};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| at_most(A_LITTLE, 10, text.as_bytes(), || run(text)));

fn run(text: &str) {
    for policy in [UrlPolicy::new(), UrlPolicy::new().allow_any_port().refuse_nat64()] {
        let Ok(destination) = judge_url(text, &policy) else { continue };
        assert!(destination.as_str().starts_with("https://"), "{destination:?}");
        let again = judge_url(destination.as_str(), &policy).expect("the normal form is allowed as well");
        assert_eq!(again.as_str(), destination.as_str());
        assert_eq!(again.port(), destination.port());
        match (again.host(), destination.host()) {
            (Host::Name(again), Host::Name(name)) => assert_eq!(again, name),
            (Host::Address(again), Host::Address(address)) => {
                assert_eq!(again, address);
                judge_address(address, &policy).expect("an address that is allowed in a URL is allowed");
            }
            _ => panic!("the normal form has another kind of host"),
        }
    }
}
