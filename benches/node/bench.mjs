// countersign beside other ways to verify a webhook, in one run: time per delivery, start, size.
//   node bench.mjs [--json] [--quick]
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { SIZES, bodyOf } from "./bodies.mjs";
import { SCHEMES, isLibrary, signed } from "./contestants.mjs";
import { compare, median } from "./measure.mjs";
import { BUNDLERS, bundledSizes } from "./sizes.mjs";

const json = process.argv.includes("--json");
const quick = process.argv.includes("--quick");
const say = json ? () => {} : (text = "") => console.log(text);
const require = createRequire(import.meta.url);

/** Milliseconds for one table cell's group: one scheme, one kind, one size. */
const BUDGET = quick ? 60 : 900;
const COLD_STARTS = quick ? 3 : 11;
const SIZE_BUDGET = 28 * 1024;

const KINDS = { verify: "verified", payload: "verified, and the payload as an object" };

const result = {
  node: process.version,
  cpu: cpus()[0]?.model.trim(),
  versions: versions(),
  microseconds: {},
  coldStart: {},
  sizes: {},
  targets: [],
};

say(`countersign ${result.versions.countersign} beside others on Node ${result.node}, ${result.cpu}`);
say(
  Object.entries(result.versions)
    .filter(([name]) => name !== "countersign")
    .map(([name, version]) => `${name} ${version}`)
    .join(", "),
);
say("Medians of interleaved rounds; x is the factor against countersign: above 1 is slower. Bodies are");
say("JSON in Buffers; where a library takes only text, turning them into text is part of its time.");
if (loadavg()[0] > cpus().length) {
  say(
    `This machine is busy (load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores): believe the factors, not the times.`,
  );
}

await times();
await coldStarts();
sizes();
await bundles();
targets();
if (json) console.log(JSON.stringify(result, null, 2));

async function times() {
  for (const [scheme, { title, contestants }] of Object.entries(SCHEMES)) {
    const made = {};
    for (const [name, make] of Object.entries(contestants)) made[name] = await make(scheme);
    result.microseconds[scheme] = {};
    for (const [kind, words] of Object.entries(KINDS)) {
      const bySize = {};
      for (const size of SIZES) {
        // A power of two of different ones, so that no cache of texts or parses can help.
        const count = size > 100_000 ? 4 : 16;
        const deliveries = await Promise.all(
          Array.from({ length: count }, (_, n) => signed(scheme, bodyOf(scheme, size, n))),
        );
        const runs = {};
        for (const [name, contestant] of Object.entries(made)) {
          runs[name] = { run: contestant[kind], isAsync: contestant.isAsync === true };
          await prove(name, contestant[kind], deliveries[0]);
        }
        bySize[size] = await compare(runs, deliveries, BUDGET);
      }
      result.microseconds[scheme][kind] = bySize;
      say(`\n${title}: ${words}\n`);
      table(
        ["", ...SIZES.map(bytes)],
        Object.keys(made).map((name) => [
          name,
          ...SIZES.map(
            (size) => `${time(bySize[size][name])} ${factor(bySize[size][name] / bySize[size].countersign)}`,
          ),
        ]),
      );
    }
  }
}

/** A contestant that accepts everything is fast; so each shows first that it does not. */
async function prove(name, run, delivery) {
  if (!(await run(delivery))) throw new Error(`${name} refuses an honest delivery.`);
  const body = Buffer.from(delivery.body);
  body[body.length - 3] ^= 1;
  const accepted = await Promise.resolve()
    .then(() => run({ ...delivery, body }))
    .catch(() => false);
  if (accepted) throw new Error(`${name} accepts a tampered delivery.`);
}

async function coldStarts() {
  const start = promisify(execFile);
  const file = fileURLToPath(new URL("cold.mjs", import.meta.url));
  const entries = { "Node alone": [] };
  for (const [scheme, { contestants }] of Object.entries(SCHEMES)) {
    const { body, headers } = await signed(scheme, bodyOf(scheme, 1024, 0));
    for (const name of Object.keys(contestants)) {
      entries[name] ??= [scheme, name, body.toString(), JSON.stringify(headers)];
    }
  }
  const took = Object.fromEntries(Object.keys(entries).map((name) => [name, []]));
  for (let round = 0; round < COLD_STARTS; round++) {
    for (const [name, args] of Object.entries(entries)) {
      const { stdout } = await start(process.execPath, [file, ...args]);
      took[name].push(JSON.parse(stdout));
    }
  }
  const alone = medians(took["Node alone"]);
  for (const [name, all] of Object.entries(took)) result.coldStart[name] = medians(all);
  say(`\nStart: from that of the process to the first verified delivery; medians of ${COLD_STARTS} processes each\n`);
  table(
    ["", "time", "beyond Node alone", "user + system", "beyond Node alone"],
    Object.entries(result.coldStart).map(([name, { time, processor }]) => [
      name,
      milliseconds(time),
      name === "Node alone" ? "" : milliseconds(Math.max(0, time - alone.time)),
      milliseconds(processor),
      name === "Node alone" ? "" : milliseconds(Math.max(0, processor - alone.processor)),
    ]),
  );
}

function medians(all) {
  return { time: median(all.map(({ time }) => time)), processor: median(all.map(({ processor }) => processor)) };
}

function sizes() {
  const entry = import.meta.resolve("countersign");
  const measured = (file) => {
    const content = readFileSync(new URL(file, entry));
    return { raw: content.length, gzip: gzipSync(content, { level: 9 }).length };
  };
  result.sizes = {
    entry: measured("index.js"),
    workerd: measured("workerd.js"),
    wasm: measured("countersign_bg.wasm"),
  };
  const names = {
    entry: "dist/index.js: one file, nothing to fetch",
    workerd: "dist/workerd.js, for Workers, with",
    wasm: "dist/countersign_bg.wasm, which index.js holds as text",
  };
  say("\nSize of the main entry, every scheme in it\n");
  table(
    ["", "bytes", "gzip -9"],
    Object.entries(result.sizes).map(([name, { raw, gzip }]) => [
      names[name],
      raw.toLocaleString("en"),
      gzip.toLocaleString("en"),
    ]),
  );
}

async function bundles() {
  result.bundled = await bundledSizes();
  const { receivers, entries } = result.bundled;
  const rows = (sizes, sign = "") =>
    Object.entries(sizes).map(([name, by]) => [
      name,
      ...BUNDLERS.map((bundler) => sign + by[bundler].toLocaleString("en")),
    ]);
  say(
    "\nA bundled receiver for Node, minified, bytes after gzip -9 (Rollup with its plugins for CommonJS and terser)\n",
  );
  table(["", ...BUNDLERS], rows(receivers));
  if (Object.keys(entries).length === 0) return;
  say("\nWhat each further entry adds to the main one\n");
  table(["", ...BUNDLERS], rows(entries, "+"));
}

function targets() {
  const check = (what, failures) => result.targets.push({ what, met: failures.length === 0, failures });
  for (const size of [256, 1024]) {
    for (const [scheme, kinds] of Object.entries(result.microseconds)) {
      for (const [kind, bySize] of Object.entries(kinds)) {
        const took = bySize[size];
        const faster = Object.keys(took).filter((name) => isLibrary(name) && took[name] <= took.countersign);
        check(`${bytes(size)}, ${SCHEMES[scheme].title}, ${kind}: faster than every library`, faster);
      }
    }
  }
  const { gzip } = result.sizes.entry;
  const size = `${(gzip / 1024).toFixed(1)} KiB`;
  check(`default entry at most ${SIZE_BUDGET / 1024} KiB gzipped`, gzip <= SIZE_BUDGET ? [] : [size]);
  say("\nTargets\n");
  for (const { what, met, failures } of result.targets) {
    say(`  ${met ? "met   " : "MISSED"}  ${what}${met ? "" : ` (${failures.join(", ")})`}`);
  }
}

function versions() {
  const found = {};
  for (const name of ["countersign", "stripe", "svix", "standardwebhooks", "@octokit/webhooks-methods"]) {
    found[name] = versionOf(name);
  }
  return found;
}

/** From the package's own package.json, which not every package exports. */
function versionOf(name) {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")).version;
    } catch {
      // The next folder up may have it.
    }
  }
  return "?";
}

function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const write = (row) =>
    say(
      `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ")}`.trimEnd(),
    );
  write(head);
  write(widths.map((width) => "-".repeat(width)));
  rows.forEach(write);
}

function bytes(size) {
  if (size >= 1024 * 1024) return `${size / 1024 / 1024} MiB`;
  return size >= 1024 ? `${size / 1024} KiB` : `${size} B`;
}

function time(us) {
  return us < 1000 ? `${us.toFixed(us < 100 ? 1 : 0)} us` : `${(us / 1000).toFixed(2)} ms`;
}

function milliseconds(ms) {
  return `${ms.toFixed(1)} ms`;
}

function factor(x) {
  return `x${x.toFixed(x < 10 ? 2 : 1)}`.padStart(5);
}
