// Next.js, built: respond() in a route handler of the app router, and the adapter for the pages router.
import { createServer } from "node:http";
import next from "next";
import { app, build } from "./support/built.mjs";
import { SECRET, listen, suite } from "./support/suite.mjs";

let running;

async function start(box) {
  globalThis.box = Object.assign(box, { secret: SECRET });
  running ??= (async () => {
    await build("next", "next", "next", "build");
    const server = next({ dir: app("next"), dev: false, quiet: true });
    await server.prepare();
    return listen(createServer(server.getRequestHandler()));
  })();
  return running;
}

suite("Next.js, app router", { start, parsed: { "/json": /has been read/ }, cuts: true });

suite("Next.js, pages router", {
  start,
  path: "/api/hook",
  own: {
    "through res": [
      (_, { res }) => res.setHeader("x-mine", "3").status(202).json({ a: 1 }),
      { status: 202, text: '{"a":1}', mine: "3" },
    ],
    "a status in res": [(_, { res }) => res.status(202), { status: 202, text: "" }],
  },
  failing: { "through res": (_, { res }) => res.status(503).end() },
  parsed: { "/api/parsed": /Add `export const config = \{ api: \{ bodyParser: false \} \};` to this file/ },
});
