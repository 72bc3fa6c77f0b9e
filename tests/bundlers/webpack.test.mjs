// webpack 5: for a page and for Node.
import { test } from "node:test";
import { bundle } from "./bundle.mjs";
import { app, folder, noBrowser, runInNode, runScript } from "./support.mjs";

const entry = app("receiver.js");

test("webpack, for Node", async () => {
  const { file } = await bundle("webpack", { entry, folder, platform: "node" });
  await runInNode(file);
});

test("webpack, for a page", { skip: noBrowser }, async () => {
  const { code } = await bundle("webpack", { entry, folder, platform: "page" });
  await runScript(code);
});
