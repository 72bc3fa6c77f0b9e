// AdonisJS: a server middleware, which runs before the router's body parser.
import { createServer } from "node:http";
import { IgnitorFactory } from "@adonisjs/core/factories";
import { Webhook } from "countersign";
import { nodeWebhook } from "countersign/node";
import { SECRET, listen, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

suite("AdonisJS", {
  start: async (box) => {
    const receive = nodeWebhook(webhook, { ...box.options, onError: (error) => box.failed.push(error) });
    class HookMiddleware {
      handle({ request, response }, next) {
        return request.url() === "/hook" ? receive(request.request, response.response) : next();
      }
    }
    const ignitor = new IgnitorFactory()
      .withCoreProviders()
      .withCoreConfig()
      .create(new URL("./", import.meta.url));
    const app = ignitor.createApp("web");
    await app.init();
    await app.boot();
    const server = await app.container.make("server");
    server.use([async () => ({ default: HookMiddleware })]);
    const router = await app.container.make("router");
    router.use([() => import("@adonisjs/core/bodyparser_middleware")]);
    router.any("/parsed", ({ request, response }) => receive(request.request, response.response));
    await server.boot();
    return listen(createServer(server.handle.bind(server)));
  },
  parsed: { "/parsed": /nodeWebhook made before anything else/ },
});
