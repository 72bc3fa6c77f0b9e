//! A disk that is full: what cannot be stored is refused, what was acknowledged is sent when there is room again.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use countersign::dispatch::{DispatchCode, Dispatcher, EndpointMap, OutgoingEvent, SqliteStore};
use countersign::endpoint::{DeliveryStatus, LogFilter};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use crate::receiver::{Receiver, Reply};
use crate::setup::{during, endpoint, event, eventually, options, run_until_empty};
use crate::stores::TestStore;

/// A file system of 8 MiB in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` for whom that is not allowed.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder.path()).output();
        if mount.is_ok_and(|mount| mount.status.success()) {
            return Some(Self(folder));
        }
        // Past the test harness, which shows nothing of a test that passes.
        let mut terminal = std::io::stderr();
        writeln!(terminal, "skipped: a disk that is full: only root may mount a small one").unwrap();
        None
    }

    fn ballast(&self) -> PathBuf {
        self.0.path().join("ballast")
    }

    /// Until not a byte more fits.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.ballast()).unwrap();
        for size in [64 << 10, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(self.0.path()).status().unwrap();
    }
}

fn dispatcher(path: &Path, receiver: &Receiver) -> Dispatcher<TestStore> {
    let endpoints = EndpointMap::new();
    endpoints.set("one", endpoint(receiver.port));
    let store = TestStore::from(SqliteStore::open(path).unwrap());
    Dispatcher::with_options(store, endpoints, options(&receiver.root_pem)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else { return };
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let dispatcher = dispatcher(&disk.0.path().join("deliveries"), &receiver);
    let large = |number| OutgoingEvent::new(format!("evt_{number}"), "invoice.paid", vec![b'x'; 50_000]);
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for number in 0..400 {
        match dispatcher.enqueue(large(number)).await {
            Ok(added) => {
                assert_eq!(added, 1);
                acknowledged.push(format!("evt_{number}"));
            }
            Err(error) => {
                assert_eq!(error.code(), DispatchCode::StoreFailed, "{error}");
                refused += 1;
            }
        }
    }
    assert!(acknowledged.len() > 20 && refused > 20, "{} and {refused}", acknowledged.len());
    // What is there can be read.
    assert_eq!(dispatcher.depth().await, Ok(acknowledged.len() as u64));
    let filter = LogFilter::new().limit(100);
    assert_eq!(dispatcher.log(&filter).await.unwrap().len(), acknowledged.len().min(100));
    // A worker meets the full disk, and then there is room.
    let work = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let remount = Command::new("mount").args(["-o", "remount,size=64m"]).arg(disk.0.path()).status();
        assert!(remount.unwrap().success());
        eventually("all of it", async || dispatcher.depth().await == Ok(0)).await;
    };
    during(&dispatcher, work).await;
    let mut sent: Vec<String> = receiver.ids().into_keys().collect();
    sent.sort_unstable();
    acknowledged.sort_unstable();
    assert_eq!(sent, acknowledged);
    assert_eq!(receiver.count(), sent.len(), "each of them once");
    assert_eq!(dispatcher.enqueue(large(1_000_000)).await, Ok(1));
    println!("{} acknowledged and sent, {refused} refused", sent.len());
}

/// The disk fills up while attempts run: they are not made again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_wait_for_room_on_a_full_disk() {
    let Some(disk) = SmallDisk::mount() else { return };
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let receiver = Receiver::start(move |_, _| Reply::Held(Arc::clone(&held), 200)).await;
    let dispatcher = dispatcher(&disk.0.path().join("deliveries"), &receiver);
    for number in 0..8 {
        dispatcher.enqueue(event(&format!("evt_{number}"))).await.unwrap();
    }
    let work = async {
        eventually("eight requests", async || receiver.count() == 8).await;
        disk.fill();
        let large = OutgoingEvent::new("evt_large", "invoice.paid", vec![b'x'; 500_000]);
        let refused = dispatcher.enqueue(large).await.unwrap_err();
        assert_eq!(refused.code(), DispatchCode::StoreFailed);
        gate.add_permits(1000);
        tokio::time::sleep(Duration::from_secs(1)).await;
        std::fs::remove_file(disk.ballast()).unwrap();
        eventually("all outcomes", async || dispatcher.depth().await == Ok(0)).await;
    };
    during(&dispatcher, work).await;
    let entries = dispatcher.log(&LogFilter::default()).await.unwrap();
    assert!(entries.iter().all(|entry| (entry.attempt, &entry.status) == (1, &DeliveryStatus::Success)));
    assert_eq!((entries.len(), receiver.count()), (8, 8));
    run_until_empty(&dispatcher).await;
}
