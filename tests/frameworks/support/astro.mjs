// Astro on its Node adapter: respond() in an endpoint.
import { createServer } from "node:http";
import { app, build } from "./built.mjs";
import { SECRET, listen, suite } from "./suite.mjs";

suite("Astro", {
  start: async (box) => {
    await build("astro", "astro", "astro", "build");
    globalThis.box = Object.assign(box, { secret: SECRET });
    // Its own report of an error, beside that of the app's middleware.
    console.error = () => {};
    const { handler } = await import(`${app("astro")}/dist/server/entry.mjs`);
    return listen(createServer(handler));
  },
  parsed: { "/json": /has been read/ },
  cuts: true,
});
