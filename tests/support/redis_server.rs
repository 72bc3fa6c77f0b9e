//! A Redis (or Valkey) of the test's own, in a temporary folder and behind a Unix socket: no port, nothing on disk.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used, clippy::panic)]

use std::io::{ErrorKind, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub struct RedisServer {
    process: Child,
    folder: TempDir,
}

impl RedisServer {
    /// Starts one; `None`, and a line that says so, where none is installed.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let Some(process) = find(&folder) else {
            let why = "redis-server is not installed; apt-get install redis-server";
            assert!(std::env::var_os("COUNTERSIGN_NO_SKIP").is_none(), "{why}");
            // Past the test harness, which shows nothing of a test that passes.
            let mut terminal = std::io::stderr();
            writeln!(terminal, "skipped: {why}").unwrap();
            return None;
        };
        let server = Self { process, folder };
        server.wait();
        Some(server)
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while UnixStream::connect(self.folder.path().join("socket")).is_err() {
            assert!(Instant::now() < deadline, "redis-server does not listen");
            sleep(Duration::from_millis(10));
        }
    }

    /// Kills it; what it knew is gone.
    pub fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again where it was.
    pub fn restart(&mut self) {
        self.stop();
        self.process = find(&self.folder).unwrap();
        self.wait();
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("socket").display())
    }
}

fn find(folder: &TempDir) -> Option<Child> {
    ["redis-server", "valkey-server"].iter().find_map(|program| spawn(program, folder))
}

fn spawn(program: &str, folder: &TempDir) -> Option<Child> {
    let child = Command::new(program)
        .args(["--port", "0", "--unixsocket", "socket", "--save", "", "--appendonly", "no", "--dir"])
        .arg(folder.path())
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match child {
        Ok(child) => Some(child),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("{program}: {error}"),
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}
