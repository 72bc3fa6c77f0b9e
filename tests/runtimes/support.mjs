// What the tests of all runtimes share: the vectors as a module, child processes, bundles, and the verdict on a report.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { vectorFiles } from "../node/vectors.mjs";
import { summary } from "../suite/vectors.mjs";
import { checkNames } from "./app/suite.mjs";

export const APP = fileURLToPath(new URL("app/", import.meta.url));

/** The package as installed from the tarball. */
export const PACKAGE = fileURLToPath(new URL("../../node_modules/countersign/", import.meta.url));
export const manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));

/** The tarball itself; `cargo xtask` has put it beside the copy in which the tests run. */
export const TARBALL = fileURLToPath(new URL(`../../../npm/countersign-${manifest.version}.tgz`, import.meta.url));

const files = vectorFiles();
const numberOfTests = files.reduce((sum, file) => sum + file.numberOfTests, 0);

// A module, since importing one needs no permission anywhere. Renamed into place: the test files run at the same time.
const vectors = join(APP, "vectors.mjs");
const fresh = `${vectors}.${process.pid}`;
writeFileSync(fresh, `export default ${JSON.stringify(files)};\n`);
renameSync(fresh, vectors);

/** A program that `npm ci` has put beside this file. */
export function tool(path) {
  const file = fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
  return existsSync(file) ? file : undefined;
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** Runs a program to its end. */
export async function run(program, args, { cwd = APP, env = {} } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"])
    child[stream].setEncoding("utf8").on("data", (text) => (said[stream] += text));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, ...said };
}

/** Runs a program that prints its report, and judges that. */
export async function runReport(t, program, args, options) {
  const { code, stdout, stderr } = await run(program, args, options);
  assert.equal(code, 0, `${stderr}\n${stdout}`);
  assertPassed(t, JSON.parse(stdout));
  return stderr;
}

/** A report has to hold every case of every file, and every check. */
export function assertPassed(t, { vectors, checks }) {
  t.diagnostic(summary(vectors));
  assert.deepEqual(vectors.failures, [], `${vectors.failed} of ${vectors.cases} cases differ`);
  assert.ok(vectors.cases >= numberOfTests && numberOfTests > 0, `${vectors.cases} of ${numberOfTests} cases ran`);
  assert.equal(vectors.passed, vectors.cases);
  assert.deepEqual(Object.keys(checks), checkNames());
  const failed = Object.entries(checks).filter(([, outcome]) => outcome !== "ok");
  assert.deepEqual(failed, []);
}

/** One file of the app with all it imports, and the names of the package's files that went in. */
export async function bundle(entry, options) {
  const result = await build({
    entryPoints: [join(APP, entry)],
    absWorkingDir: APP,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    logLevel: "silent",
    ...options,
  });
  const used = Object.keys(result.metafile.inputs).filter((path) => path.includes("node_modules/countersign/"));
  return { code: result.outputFiles[0].text, used: used.map((path) => path.split("/").at(-1)) };
}
