//! TLS that is not right: nothing is sent, and the word is `tls`.

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply, Settings};
use crate::setup::{Setup, event, failed_once, options, run_until, tried};

on_both_stores!(tls_must_be_right, a_port_that_speaks_no_tls_gets_nothing, a_port_that_says_nothing_times_out);

async fn tls_must_be_right(bed: Bed) {
    let ok = |_: usize, _: &_| Reply::status(200);
    let other_name = Receiver::with(Settings { name: "other.test".into(), ..Settings::default() }, ok).await;
    let expired = Receiver::with(Settings { expired: true, ..Settings::default() }, ok).await;
    let self_signed = Receiver::start(ok).await;
    let right = Receiver::start(ok).await;
    // Three are trusted, so that only what is wrong with them can refuse them.
    let roots = [&other_name, &expired, &right].map(|receiver| receiver.root_pem.as_str()).concat();
    let setup = Setup::with(bed, &right, options(&roots)).await;
    for (number, wrong) in [&other_name, &expired, &self_signed].into_iter().enumerate() {
        setup.endpoints.set("one", crate::setup::endpoint(wrong.port));
        setup.dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
        failed_once(&run_until(&setup.dispatcher, tried).await, "tls");
        assert_eq!(wrong.count(), 0);
    }
    setup.endpoints.set("one", crate::setup::endpoint(right.port));
    setup.dispatcher.enqueue(event("evt_right")).await.unwrap();
    assert_eq!(run_until(&setup.dispatcher, tried).await.response_status, Some(200));
}

async fn a_port_that_speaks_no_tls_gets_nothing(bed: Bed) {
    use std::io::{Read as _, Write as _};
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut socket, _) = plain.accept().unwrap();
        let mut start = [0; 1024];
        let length = socket.read(&mut start).unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").unwrap();
        start[..length].to_vec()
    });
    let setup = Setup::new(bed, &receiver).await;
    setup.endpoints.set("one", crate::setup::endpoint(port));
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    failed_once(&run_until(&setup.dispatcher, tried).await, "tls");
    let start = server.join().unwrap();
    assert_eq!(start[0], 22, "a TLS handshake and no HTTP");
}

async fn a_port_that_says_nothing_times_out(bed: Bed) {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let setup = Setup::new(bed, &receiver).await;
    let mut endpoint = crate::setup::endpoint(silent.local_addr().unwrap().port());
    endpoint.timeout_ms = Some(1000);
    setup.endpoints.set("one", endpoint);
    setup.dispatcher.enqueue(event("evt_1")).await.unwrap();
    failed_once(&run_until(&setup.dispatcher, tried).await, "timeout");
    // And one where nobody listens.
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    setup.endpoints.set("one", crate::setup::endpoint(nobody));
    setup.dispatcher.enqueue(event("evt_2")).await.unwrap();
    failed_once(&run_until(&setup.dispatcher, tried).await, "connect");
}
