// Vite 8: its development server, a page as it builds and serves it, and a build for Node.
import { join } from "node:path";
import { test } from "node:test";
import { build, createServer, preview } from "vite";
import { bundle } from "./bundle.mjs";
import { app, folder, noBrowser, runInNode, runInPage } from "./support.mjs";

const page = { root: app(""), configFile: false, logLevel: "error" };
const addressOf = (server) => `http://localhost:${server.httpServer.address().port}/`;

test("Vite, for Node", async () => {
  const { file } = await bundle("vite", { entry: app("receiver.js"), folder, platform: "node" });
  await runInNode(file);
});

test("Vite's development server", { skip: noBrowser }, async (t) => {
  // Forced, so that what an earlier run prepared of another package is not used.
  const server = await createServer({ ...page, server: { port: 0 }, optimizeDeps: { force: true } });
  t.after(() => server.close());
  await server.listen();
  await runInPage(addressOf(server));
});

test("Vite, a page built and served", { skip: noBrowser }, async (t) => {
  const outDir = join(folder, "page");
  await build({ ...page, build: { outDir } });
  const server = await preview({ ...page, build: { outDir }, preview: { port: 0 } });
  t.after(() => server.close());
  await runInPage(addressOf(server));
});
