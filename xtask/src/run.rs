//! Runs other programs: quietly, with the whole output only where something fails, and an error that says what to do.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::paths;

/// A program and its arguments.
pub(crate) struct Run {
    command: Command,
    name: String,
    progress: bool,
}

/// What a program left behind.
pub(crate) struct Outcome {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    /// Both streams, for showing to a person.
    pub(crate) output: String,
}

impl Run {
    /// A program found on the PATH.
    pub(crate) fn program(name: &str) -> Self {
        Self::path(OsStr::new(name), name)
    }

    fn path(program: impl AsRef<OsStr>, name: &str) -> Self {
        let mut command = Command::new(program);
        command.current_dir(paths::root()).stdin(Stdio::null());
        Self { command, name: name.into(), progress: false }
    }

    /// Cargo itself; what it compiles is shown while it works.
    pub(crate) fn cargo(subcommand: &str) -> Self {
        Self::plain_cargo().arg(subcommand).arg("--target-dir").arg(paths::target())
    }

    /// Cargo for what compiles nothing, or knows by itself where to.
    pub(crate) fn plain_cargo() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut run = Self::path(cargo, "cargo");
        run.progress = true;
        run
    }

    /// The cargo of another toolchain, which rustup knows by that name.
    pub(crate) fn rust(toolchain: &str, subcommand: &str) -> Self {
        let mut run = Self::program("rustup").args(["run", toolchain, "cargo", subcommand]);
        run.progress = true;
        run
    }

    /// npm, which is a script on Windows.
    pub(crate) fn npm() -> Self {
        Self::program(if cfg!(windows) { "npm.cmd" } else { "npm" })
    }

    /// A tool that `npm ci` has put into node_modules.
    pub(crate) fn tool(name: &str) -> Self {
        let file = if cfg!(windows) { format!("{name}.cmd") } else { name.into() };
        Self::path(paths::root().join("node_modules/.bin").join(file), name)
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it in full view.
    pub(crate) fn show(mut self) -> Result<()> {
        let status = self.command.status().map_err(|error| not_started(&self.name, &error))?;
        if !status.success() {
            bail!("`{}` failed; its own words are above.", self.line());
        }
        Ok(())
    }

    /// Runs it in silence; a failure is an error that carries everything it said.
    pub(crate) fn quiet(self) -> Result<Outcome> {
        let line = self.line();
        let outcome = self.outcome()?;
        if !outcome.ok {
            bail!("{}\n\n`{line}` failed; its own words are above.", outcome.output.trim_end());
        }
        Ok(outcome)
    }

    /// Runs it in silence and leaves the judgement to the caller.
    pub(crate) fn outcome(mut self) -> Result<Outcome> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|error| not_started(&self.name, &error))?;
        let mut stdout = child.stdout.take().context("no standard output")?;
        let reader = thread::spawn(move || {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes).map(|_| bytes)
        });
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().context("no standard error")?).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            if self.progress && is_progress(&line) {
                eprintln!("{}", line.trim_end());
            } else {
                said.push_str(&line);
                said.push('\n');
            }
        }
        let bytes = reader.join().map_err(|_| anyhow!("reading the output of `{}` failed", self.name))??;
        let stdout = String::from_utf8_lossy(&bytes).into_owned();
        let ok = child.wait()?.success();
        Ok(Outcome { ok, output: format!("{said}{stdout}"), stdout })
    }

    /// The command line, for messages.
    fn line(&self) -> String {
        let args = self.command.get_args().map(OsStr::to_string_lossy);
        std::iter::once(self.name.as_str().into()).chain(args).collect::<Vec<_>>().join(" ")
    }
}

/// What cargo says while it downloads and compiles.
fn is_progress(line: &str) -> bool {
    ["Compiling ", "Checking ", "Downloading ", "Downloaded ", "Blocking ", "Updating "]
        .iter()
        .any(|word| line.trim_start().starts_with(word))
}

fn not_started(name: &str, error: &std::io::Error) -> anyhow::Error {
    let fix = match name {
        "node" | "npm" | "npm.cmd" => "Install Node.js 20 or later (npm comes with it).",
        "rustup" => "Install Rust with rustup, or add the target wasm32-unknown-unknown to your own toolchain.",
        "cargo" => "Install Rust with rustup.",
        _ => "Delete node_modules and run the command again.",
    };
    anyhow!("`{name}` could not be started ({error}). {fix}")
}
