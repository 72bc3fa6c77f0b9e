//! The shared vectors, natively. One report lists every case that differs.

mod support;

#[test]
fn every_vector_has_its_exact_result() {
    let (count, failures) = support::run_all();
    assert!(failures.is_empty(), "{} of {count} cases differ:\n{}", failures.len(), failures.join("\n"));
    println!("{count} vectors");
}

#[test]
fn every_provider_has_vectors() {
    for provider in countersign::Provider::ALL {
        assert!(support::SUITES.iter().any(|suite| suite.name == provider.name()), "{}", provider.name());
    }
}
