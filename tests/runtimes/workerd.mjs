// Starts Workers in workerd itself, from the bundle that wrangler would make.
import { spawn } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE, temporaryFolder, tool } from "./support.mjs";

const workerd = tool("workerd/bin/workerd");

/** Wrangler leaves WebAssembly files out of the bundle, and hands them to the platform to compile. */
export const compiled = {
  name: "compiled-wasm",
  setup: (build) => build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true })),
};

/** Starts a Worker and gives its address; what workerd says when it does not start is the error. */
export async function serve(t, code, wasm, date, flags) {
  const folder = temporaryFolder(t);
  for (const file of wasm) copyFileSync(join(PACKAGE, "dist", file), join(folder, file));
  writeFileSync(join(folder, "worker.js"), code);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .main)],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );
    const main :Workerd.Worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js"), ${wasm.map((file) => `(name = "${file}", wasm = embed "${file}")`)}],
      compatibilityDate = "${date}",
      compatibilityFlags = ${JSON.stringify(flags)},
    );`,
  );
  const child = spawn(workerd, ["serve", "config.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  t.after(() => child.kill());
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.on("close", () => reject(new Error(said)));
    child.stdio[3]
      .setEncoding("utf8")
      .on("data", (line) => resolve(`http://127.0.0.1:${/"port": ?(\d+)/.exec(line)[1]}/`));
  });
}
