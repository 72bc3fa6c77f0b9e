// Starts Workers in workerd by Miniflare, from the bundle that wrangler would make.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

/** Says where the Worker is, and what it has printed. */
export async function startWorker(t, main, options) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-worker-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await build({
    entryPoints: [main],
    outfile: join(folder, "main.mjs"),
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "warning",
  });
  let said = "";
  const worker = new Miniflare({
    modules: true,
    modulesRoot: folder,
    modulesRules: [
      { type: "ESModule", include: ["**/*.mjs"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    scriptPath: join(folder, "main.mjs"),
    handleRuntimeStdio: (...streams) => streams.forEach((stream) => stream.on("data", (text) => (said += text))),
    port: 0,
    ...options,
  });
  t.after(() => worker.dispose());
  return { address: await worker.ready, said: () => said };
}
