//! `cargo xtask <command>`: builds, tests and shows countersign. One module per command; the table below is the help.

mod bench;
mod build;
mod demo;
mod generate;
mod package;
mod paths;
mod prepare;
mod run;
mod scratch;
mod sizes;
mod stamp;
mod test;
mod wasm;
mod wasm_suite;

use std::process::ExitCode;

use anyhow::{Result, bail};

struct Command {
    name: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command { name: "build", summary: "make the npm package: target/npm/ and target/npm/*.tgz", run: build::command },
    Command {
        name: "test",
        summary: "run every suite: native, wasm, the packed npm package, types",
        run: test::command,
    },
    Command {
        name: "demo",
        summary: "send real deliveries to a Node receiver and show each answer",
        run: demo::command,
    },
    Command {
        name: "generate",
        summary: "write src/providers/mod.rs and the TypeScript types; --check only looks",
        run: generate::command,
    },
    Command { name: "bench", summary: "measure beside other packages, in Node and natively", run: bench::command },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        None => {
            help();
            Ok(())
        }
        Some((name, _)) if matches!(name.as_str(), "help" | "--help" | "-h") => {
            help();
            Ok(())
        }
        // Not for people: cargo starts this program again for every wasm test binary.
        Some((name, rest)) if name == wasm_suite::RUNNER => wasm_suite::run_one(rest),
        Some((name, rest)) => match COMMANDS.iter().find(|command| command.name == name) {
            Some(command) => (command.run)(rest),
            None => bail!("There is no command `{name}`. `cargo xtask help` lists those that exist."),
        },
    }
}

fn help() {
    println!("cargo xtask <command>\n");
    for command in COMMANDS {
        println!("  {:<10} {}", command.name, command.summary);
    }
    println!("  {:<10} this list", "help");
}
