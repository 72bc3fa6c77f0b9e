// webpack 5: for a page and for Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./bundle.mjs";
import { app, folder, noBrowser, open, runInNode, runScript } from "./support.mjs";

const entry = app("receiver.js");

test("webpack, for Node", async () => {
  const { file } = await bundle("webpack", { entry, folder, platform: "node" });
  await runInNode(file);
});

test("webpack, for a page", { skip: noBrowser }, async () => {
  const { code } = await bundle("webpack", { entry, folder, platform: "page" });
  await runScript(code);
});

test("webpack, for a page that does not say it is UTF-8: the error does", { skip: noBrowser }, async () => {
  const { code } = await bundle("webpack", { entry, folder, platform: "page" });
  const html = `<!doctype html><script src="/app.js"></script>`;
  const { errors } = await open("http://page.example/", { "/": html, "/app.js": code, "/favicon.ico": "" });
  assert.match(errors[0]?.message, /not read as UTF-8\. Begin the page with <meta charset="utf-8">/);
});
