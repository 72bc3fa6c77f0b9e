// esbuild: for a page and for Node.
import { test } from "node:test";
import { bundle } from "./bundle.mjs";
import { app, folder, noBrowser, runInNode, runScript } from "./support.mjs";

const entry = app("receiver.js");

test("esbuild, for Node", async () => {
  const { file } = await bundle("esbuild", { entry, folder, platform: "node" });
  await runInNode(file);
});

test("esbuild, for a page", { skip: noBrowser }, async () => {
  const { code } = await bundle("esbuild", { entry, folder, platform: "page" });
  await runScript(code);
});
