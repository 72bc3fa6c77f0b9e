// What a receiver weighs once it is bundled: each library by each bundler, and what each further entry of ours adds.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle, bundlers } from "../../tests/bundlers/bundle.mjs";
import { bodyOf } from "./bodies.mjs";
import { SECRETS, signed } from "./contestants.mjs";

export const BUNDLERS = Object.keys(bundlers);

/** The files in receivers, and the scheme that each is sent. */
const RECEIVERS = {
  countersign: "stripe",
  stripe: "stripe",
  svix: "svix",
  standardwebhooks: "svix",
  octokit: "github",
};

/** Rollup alone reads no CommonJS, which some are, and does not minify. */
async function plugins() {
  const { default: commonjs } = await import("@rollup/plugin-commonjs");
  const { default: terser } = await import("@rollup/plugin-terser");
  return (bundler) => (bundler === "rollup" ? [commonjs(), terser()] : []);
}

const zipped = (content) => gzipSync(content, { level: 9 }).length;

/** Gzipped bytes: by receiver and bundler, and by entry of ours and bundler, beyond the main one. */
export async function bundledSizes() {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const folder = mkdtempSync(join(here, "bundled-"));
  const options = { platform: "node", plugins: await plugins() };
  const weigh = async (entry, check = () => {}) => {
    const sizes = {};
    for (const bundler of BUNDLERS) {
      const to = join(folder, bundler, String(Math.random()).slice(2));
      mkdirSync(to, { recursive: true });
      const { file, code } = await bundle(bundler, { ...options, entry, folder: to });
      await check(file);
      sizes[bundler] = zipped(code);
    }
    return sizes;
  };
  try {
    const receivers = {};
    for (const [name, scheme] of Object.entries(RECEIVERS)) {
      receivers[name] = await weigh(join(here, "receivers", `${name}.mjs`), (file) => prove(file, scheme));
    }
    const entries = {};
    const main = await weigh(made(folder, [""]));
    for (const name of subpaths()) {
      const both = await weigh(made(folder, ["", name]));
      entries[`countersign${name}`] = Object.fromEntries(
        BUNDLERS.map((bundler) => [bundler, both[bundler] - main[bundler]]),
      );
    }
    return { receivers, entries };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A bundle that verifies nothing is small; so each shows first that it does. */
async function prove(file, scheme) {
  process.env.SECRET = SECRETS[scheme];
  delete globalThis.receive;
  if (file.endsWith(".cjs")) createRequire(import.meta.url)(file);
  else await import(pathToFileURL(file));
  const { headers, body } = await signed(scheme, bodyOf(scheme, 1024, 0));
  const payload = await globalThis.receive({ headers, body });
  if (JSON.stringify(payload) !== body.toString()) throw new Error(`${file} gives another payload.`);
  body[body.length - 3] ^= 1;
  const refused = await Promise.resolve({ headers, body })
    .then(globalThis.receive)
    .then(
      () => false,
      () => true,
    );
  if (!refused) throw new Error(`${file} accepts a tampered delivery.`);
}

/** An app that uses everything of these entries. */
function made(folder, names) {
  const file = join(folder, `${names.join("").replaceAll("/", "-")}.mjs`);
  const imports = names.map((name, at) => `import * as entry${at} from "countersign${name}";`);
  writeFileSync(
    file,
    `${imports.join("\n")}\nglobalThis.used = [${names.map((_, at) => `entry${at}`)}].map(Object.values);\n`,
  );
  return file;
}

/** "/adapters/express" and so on: what can be imported beside the main entry. */
function subpaths() {
  const { exports } = JSON.parse(readFileSync(new URL(import.meta.resolve("countersign/package.json")), "utf8"));
  return Object.keys(exports)
    .filter((name) => typeof exports[name] === "object" && name !== ".")
    .map((name) => name.slice(1));
}
