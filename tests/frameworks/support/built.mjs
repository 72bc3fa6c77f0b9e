// Apps that are built before they run, by their framework's own command, in a process of its own.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const require = createRequire(import.meta.url);

export const app = (name) => fileURLToPath(new URL(`../apps/${name}`, import.meta.url));

/** Runs a package's command in an app's folder. */
export async function build(name, packageName, command, ...args) {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest);
  const file = join(dirname(manifest), typeof bin === "string" ? bin : bin[command]);
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1" };
  await promisify(execFile)(process.execPath, [file, ...args], { cwd: app(name), env }).catch((error) => {
    throw new Error(`${command} ${args.join(" ")} failed:\n${error.stdout}${error.stderr}`);
  });
}
