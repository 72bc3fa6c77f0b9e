// h3, versions 1 (Nuxt 3 and 4, Nitro 2) and 2 (Nitro 3): the servers that Nuxt's server routes run on.
import { createServer } from "node:http";
import { Webhook } from "countersign";
import { H3, toNodeHandler } from "h3";
import { createApp, defineEventHandler, toNodeListener, toWebRequest } from "h3-1";
import { SECRET, listen, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

suite("h3 1", {
  start: (box) => {
    const app = createApp({ onError: (error) => void box.failed.push(error.cause ?? error) });
    app.use(
      "/hook",
      defineEventHandler((event) => webhook.respond(toWebRequest(event), box.options)),
    );
    return listen(createServer(toNodeListener(app)));
  },
});

suite("h3 2", {
  start: (box) => {
    const app = new H3({ onError: (error) => void box.failed.push(error.cause ?? error) });
    app.all("/hook", (event) => webhook.respond(event.req, box.options));
    app.all("/json", async (event) => {
      if (event.req.method === "POST") await event.req.json();
      return webhook.respond(event.req, box.options);
    });
    return listen(createServer(toNodeHandler(app)));
  },
  parsed: { "/json": /has been read/ },
  cuts: true,
});
