//! The shared vectors, natively. One report lists every case that differs.

mod support;

#[test]
fn every_vector_has_its_exact_result() {
    let mut failures = Vec::new();
    let mut count = 0;
    for (provider, file) in support::FILES {
        for case in support::cases(file) {
            count += 1;
            if let Err(difference) = support::run(provider, &case) {
                failures.push(format!("{provider}/{}: {difference}", case["id"].as_str().unwrap()));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases differ:\n{}", failures.len(), failures.join("\n"));
    println!("{count} vectors");
}

#[test]
fn every_sender_has_vectors() {
    for provider in countersign::Provider::ALL {
        assert!(support::FILES.iter().any(|(name, _)| *name == provider.name()), "{}", provider.name());
    }
}
