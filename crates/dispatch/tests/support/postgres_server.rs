//! A PostgreSQL of the test's own, in a temporary folder and behind a Unix socket; it ends with the process of the test,
//! however that ends.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used, clippy::panic)]

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Waits for the end of its input, which is the end of the test.
const LIFE: &str = r#"
"$0" -D data -k "$PWD" -c listen_addresses= -c max_connections=300 -c fsync=off >log 2>&1 &
cat >/dev/null
kill -INT $!
wait
cd / && rm -rf "$OLDPWD""#;

pub struct PostgresServer {
    folder: PathBuf,
    _life: Child,
}

impl PostgresServer {
    /// Starts one; `None`, and a line that says so, where none is installed.
    pub fn start() -> Option<Self> {
        let (Some(initdb), Some(postgres)) = (find("initdb"), find("postgres")) else {
            let why = "PostgreSQL is not installed; apt-get install postgresql";
            assert!(std::env::var_os("COUNTERSIGN_NO_SKIP").is_none(), "{why}");
            // Past the test harness, which shows nothing of a test that passes.
            let mut terminal = std::io::stderr();
            writeln!(terminal, "skipped: {why}").unwrap();
            return None;
        };
        let folder = tempfile::tempdir().unwrap().keep();
        let owner = other_than_root(&folder);
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder);
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command
        };
        let made = command(&initdb)
            .args(["-D", "data", "-U", "test", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"])
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let life = command(Path::new("sh"))
            .args(["-c", LIFE])
            .arg(postgres)
            // What a terminal sends to the tests is not for it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { folder, _life: life };
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let said = std::fs::read_to_string(server.folder.join("log")).unwrap_or_default();
            if said.contains("is ready to accept connections") {
                return Some(server);
            }
            assert!(Instant::now() < deadline, "postgres does not start: {said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where its socket is: its `host`. The user is `test`.
    pub fn host(&self) -> &Path {
        &self.folder
    }
}

/// A program on the path, or where Debian puts PostgreSQL's.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    std::env::split_paths(&path).chain(debian).map(|folder| folder.join(program)).find(|path| path.exists())
}

/// PostgreSQL refuses to run as root.
fn other_than_root(folder: &Path) -> Option<(u32, u32)> {
    if std::fs::metadata(folder).unwrap().uid() != 0 {
        return None;
    }
    let id = |kind: &str, user: &str| {
        let said = Command::new("id").args([kind, user]).output().unwrap();
        String::from_utf8(said.stdout).unwrap().trim().parse().ok()
    };
    let user = if id("-u", "postgres").is_some() { "postgres" } else { "nobody" };
    Some((id("-u", user).unwrap(), id("-g", user).unwrap()))
}
