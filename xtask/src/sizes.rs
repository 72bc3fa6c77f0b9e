//! How large the package is, and whether the file that most people load keeps to its limit.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::paths;
use crate::run::Run;
use crate::stamp::files_below;

/// What an entry may weigh, gzipped with everything it needs. Going over it is a decision to write down here, with its
/// reason, and never a reason for worse code.
struct Budget {
    files: &'static [&'static str],
    limit: usize,
}

const BUDGETS: &[Budget] = &[
    Budget { files: &["dist/index.js"], limit: 64 * 1024 },
    // A Worker gets the module as a file of its own. 1 KiB more than planned: for saying which field of a body is not as
    // documented, and what is there.
    Budget { files: &["dist/workerd.js", "dist/countersign_bg.wasm"], limit: 53 * 1024 },
    // 2 KiB more than planned: for saying where the body of a valid delivery is not as documented.
    Budget { files: &["dist/diagnose.js"], limit: 192 * 1024 },
    Budget { files: &["dist/endpoints.js"], limit: 190 * 1024 },
];

/// One line per file, and the limit.
pub(crate) fn print() -> Result<()> {
    println!("{:<28} {:>9} {:>9}", "", "bytes", "gzip -9");
    let dist = paths::package().join("dist");
    let mut declarations = (0, 0);
    for file in files_below(&dist)? {
        let (raw, zipped) = measure(&file)?;
        let name = file.strip_prefix(paths::package())?.display().to_string();
        if name.ends_with(".d.ts") || name.ends_with(".d.cts") {
            declarations = (declarations.0 + raw, declarations.1 + zipped);
        } else {
            println!("{name:<28} {raw:>9} {zipped:>9}");
        }
    }
    println!("{:<28} {:>9} {:>9}", "dist/*.d.ts, *.d.cts", declarations.0, declarations.1);
    let (raw, zipped) = measure(&paths::tarball())?;
    println!("{:<28} {raw:>9} {zipped:>9}", "the tarball");
    println!("{}", within_limit()?.1);
    Ok(())
}

/// Whether the entries keep to their limits, in a sentence for each. The page of the browser debugger has a test of its own.
pub(crate) fn within_limit() -> Result<(bool, String)> {
    let mut all_kept = true;
    let mut said = Vec::new();
    for Budget { files, limit } in BUDGETS {
        let mut used = 0;
        for file in *files {
            used += measure(&paths::package().join(file))?.1;
        }
        all_kept &= used <= *limit;
        let word = if used <= *limit { "within" } else { "OVER" };
        said.push(format!("{}, gzipped: {used} bytes, {word} the limit of {limit}", files.join(" + ")));
    }
    Ok((all_kept, said.join("\n")))
}

/// Bytes as they are and gzipped, by the zlib in Node.
fn measure(file: &Path) -> Result<(usize, usize)> {
    let script = "console.log(require('node:zlib').gzipSync(require('node:fs').readFileSync(process.argv[1]), { level: 9 }).length)";
    let answer = Run::program("node").args(["-e", script]).arg(file).quiet()?.stdout;
    Ok((fs::read(file)?.len(), answer.trim().parse()?))
}
