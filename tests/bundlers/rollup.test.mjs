// Rollup with @rollup/plugin-node-resolve, without which it finds no package: for a page and for Node.
import { test } from "node:test";
import { bundle } from "./bundle.mjs";
import { app, folder, noBrowser, runInNode, runScript } from "./support.mjs";

const entry = app("receiver.js");

test("Rollup, for Node", async () => {
  const { file } = await bundle("rollup", { entry, folder, platform: "node" });
  await runInNode(file);
});

test("Rollup, for a page", { skip: noBrowser }, async () => {
  const { code } = await bundle("rollup", { entry, folder, platform: "page" });
  await runScript(code, "module");
});
