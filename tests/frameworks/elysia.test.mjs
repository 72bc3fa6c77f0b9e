// Elysia, on Node: routes with its body parser switched off, and one where it has read the body.
import { Webhook } from "countersign";
import { Elysia } from "elysia";
import { serveFetch } from "./support/fetch.mjs";
import { SECRET, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

suite("Elysia", {
  start: (box) => {
    const receive = (context) => webhook.respond(context.request, box.options);
    const app = new Elysia()
      .onError(({ error }) => {
        box.failed.push(error);
        return new Response("failed", { status: 500 });
      })
      .all("/hook", receive, { parse: "none" })
      .all("/whole", (context) => receive(context));
    return serveFetch(box, (request) => app.handle(request));
  },
  parsed: { "/whole": /parse: "none"/ },
  cuts: true,
});
