//! `cargo xtask <command>`: builds, tests and shows countersign. One module per command; the table below is the help.

mod bench;
mod build;
mod check;
mod debugger;
mod demo;
mod generate;
mod pack;
mod package;
mod paths;
mod prepare;
mod progress;
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
        summary: "run every suite: native, wasm, npm package, types; --quick only the core and its vectors in Node",
        run: test::command,
    },
    Command {
        name: "check",
        summary: "formatting, lints, documents, features, licences, promises; with names only those",
        run: check::command,
    },
    Command { name: "demo", summary: "send deliveries to a real receiver and show its answers", run: demo::command },
    Command {
        name: "debugger",
        summary: "serve the browser debugger; --build only makes target/debugger/",
        run: debugger::command,
    },
    Command { name: "generate", summary: "write generated source files; --check only looks", run: generate::command },
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
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.as_str(), rest),
        None => ("help", arguments),
    };
    match name {
        "help" | "--help" | "-h" => {
            help();
            Ok(())
        }
        _ => match COMMANDS.iter().find(|command| command.name == name) {
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
