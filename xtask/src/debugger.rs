//! `cargo xtask debugger`: the browser debugger as static files in target/debugger/, served on this machine.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::run::Run;
use crate::{build, paths};

/// The whole site: its files and their types.
const FILES: &[(&str, &str)] = &[
    ("index.html", "text/html; charset=utf-8"),
    ("debugger.js", "text/javascript; charset=utf-8"),
    ("debugger.css", "text/css; charset=utf-8"),
];

const PORT: u16 = 4480;

pub(crate) fn command(arguments: &[String]) -> Result<()> {
    let port = match arguments {
        [] => None,
        [only] if only == "--build" => {
            site()?;
            println!("{}", folder().display());
            return Ok(());
        }
        [name, port] if name == "--port" => Some(port.parse().with_context(|| format!("{port} is no port."))?),
        _ => bail!("cargo xtask debugger [--port <number>]: builds and serves it. --build: only builds it."),
    };
    site()?;
    serve(port)
}

/// Where the site is; any static host can serve this folder as it is.
pub(crate) fn folder() -> PathBuf {
    paths::target().join("debugger")
}

/// Builds the package, then the site from it.
pub(crate) fn site() -> Result<()> {
    build::all()?;
    let from = paths::root().join("examples/debugger");
    fs::create_dir_all(folder())?;
    // The worker is text inside of the page.
    let worker = paths::work().join("debugger-worker.txt");
    let dist = paths::package().join("dist");
    let alias = |name: &str, path: PathBuf| format!("--alias:{name}={}", path.display());
    bundle(&from.join("worker.js"), &worker)
        .arg(alias("countersign/diagnose", dist.join("diagnose.js")))
        .arg(alias("countersign", dist.join("index.js")))
        .quiet()?;
    bundle(&from.join("main.js"), &folder().join("debugger.js"))
        .arg(alias("debugger-worker", worker))
        .arg("--loader:.txt=text")
        .quiet()?;
    bundle(&from.join("debugger.css"), &folder().join("debugger.css")).quiet()?;
    fs::copy(from.join("index.html"), folder().join("index.html"))?;
    Ok(())
}

fn bundle(from: &Path, to: &Path) -> Run {
    Run::tool("esbuild")
        .arg(from)
        .args(["--bundle", "--minify", "--format=iife", "--target=es2022", "--charset=utf8", "--log-level=warning"])
        .args(["--legal-comments=none"])
        .arg(format!("--outfile={}", to.display()))
}

fn serve(port: Option<u16>) -> Result<()> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = match port {
        Some(port) => bind(port).with_context(|| format!("Port {port} cannot be used: name another by --port."))?,
        None => bind(PORT).or_else(|_| bind(0))?,
    };
    println!("\nThe debugger: http://localhost:{}/ (Ctrl+C ends it)", listener.local_addr()?.port());
    for stream in listener.incoming() {
        // One at a time: the page asks for three files, once. Who hangs up or is slow is not waited for.
        let _ = stream.map(answer);
    }
    Ok(())
}

fn answer(mut stream: TcpStream) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().context("nothing was sent")??;
    // All of the request is read, since closing with unread bytes would reset the connection.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let name = path.split('?').next().unwrap_or_default().trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    match FILES.iter().find(|(file, _)| *file == name) {
        Some((file, kind)) => {
            let content = fs::read(folder().join(file))?;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nContent-Security-Policy: frame-ancestors \
                 'none'\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\
                 Connection: close\r\n\r\n",
                content.len()
            );
            stream.write_all(head.as_bytes())?;
            stream.write_all(&content)?;
        }
        None => stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?,
    }
    Ok(())
}
