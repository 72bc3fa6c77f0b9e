// examples/hono-workers in workerd, bundled as wrangler does it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { bodies, checkManifest, copy, exchange, over } from "./support.mjs";

test("the Hono app on Workers", async (t) => {
  const cwd = copy("hono-workers");
  checkManifest("hono-workers");
  const { main, compatibility_date, durable_objects } = JSON.parse(readFileSync(join(cwd, "wrangler.json"), "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "countersign-worker-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await build({
    entryPoints: [join(cwd, main)],
    outfile: join(folder, "main.mjs"),
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "warning",
  });
  const secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
  let said = "";
  const worker = new Miniflare({
    modules: true,
    modulesRoot: folder,
    modulesRules: [
      { type: "ESModule", include: ["**/*.mjs"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    scriptPath: join(folder, "main.mjs"),
    compatibilityDate: compatibility_date,
    durableObjects: Object.fromEntries(
      durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name, useSQLite: true }]),
    ),
    bindings: { RESEND_WEBHOOK_SECRET: secret },
    handleRuntimeStdio: (...streams) => streams.forEach((stream) => stream.on("data", (text) => (said += text))),
    port: 0,
  });
  t.after(() => worker.dispose());
  await exchange({
    provider: "resend",
    secret,
    body: bodies.bounce,
    stale: 3600,
    send: over(new URL("/webhooks/resend", await worker.ready)),
    said: () => said,
    handled: "bounced: Permanent",
  });
});
