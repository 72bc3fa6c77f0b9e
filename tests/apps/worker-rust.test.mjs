// examples/worker-rust in workerd, with its exports made by the generator that the npm package's modules have.
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { bodies, exchange, over } from "./support.mjs";

/** What worker-build writes beside the generator's files, in short. */
const ENTRY = `
import * as glue from "./worker_bg.js";
import module from "./worker_bg.wasm";
const { exports } = new WebAssembly.Instance(module, { "./worker_bg.js": glue });
glue.__wbg_set_wasm(exports);
exports.__wbindgen_start?.();
export default { fetch: glue.fetch };
`;

/** What `cargo xtask test` has built. */
const built = process.env.COUNTERSIGN_WORKER;
const skip = built === undefined && "COUNTERSIGN_WORKER is not set: run cargo xtask test";

test("the Worker written in Rust", { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-worker-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of ["worker_bg.js", "worker_bg.wasm"]) copyFileSync(join(built, file), join(folder, file));
  if (existsSync(join(built, "snippets")))
    cpSync(join(built, "snippets"), join(folder, "snippets"), { recursive: true });
  writeFileSync(join(folder, "main.mjs"), ENTRY);
  const { compatibility_date } = JSON.parse(
    readFileSync(new URL("../../examples/worker-rust/wrangler.json", import.meta.url), "utf8"),
  );

  const secret = "whsec_K7pXq2LmVt9RzB4wc3Hn8sYdF6uJ1eGa";
  let said = "";
  const worker = new Miniflare({
    modules: true,
    modulesRoot: folder,
    modulesRules: [
      { type: "ESModule", include: ["**/*.mjs", "**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    scriptPath: join(folder, "main.mjs"),
    compatibilityDate: compatibility_date,
    bindings: { STRIPE_WEBHOOK_SECRET: secret },
    handleRuntimeStdio: (...streams) => streams.forEach((stream) => stream.on("data", (text) => (said += text))),
    port: 0,
  });
  t.after(() => worker.dispose());
  await exchange({
    provider: "stripe",
    secret,
    body: bodies.invoice,
    stale: 3600,
    send: over(await worker.ready),
    said: () => said,
    handled: "invoice paid: in_7",
  });
});
