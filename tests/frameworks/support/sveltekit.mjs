// SvelteKit on its Node adapter: respond() in a +server.js.
import { createServer } from "node:http";
import { app, build } from "./built.mjs";
import { SECRET, listen, suite } from "./suite.mjs";

suite("SvelteKit", {
  start: async (box) => {
    await build("sveltekit", "vite", "vite", "build");
    globalThis.box = Object.assign(box, { secret: SECRET });
    const { handler } = await import(`${app("sveltekit")}/build/handler.js`);
    return listen(createServer(handler));
  },
  parsed: { "/json": /has been read/ },
  cuts: true,
});
