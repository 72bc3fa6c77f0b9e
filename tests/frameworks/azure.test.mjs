// Azure Functions: its own requests and responses, as the v4 model gives and takes them. Its host does not run here.
import { createServer } from "node:http";
import azure from "@azure/functions";
import { Webhook } from "countersign";
import { readJson } from "./support/fetch.mjs";
import { SECRET, listen, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

suite("Azure Functions", {
  start: (box) =>
    listen(
      createServer(async (req, res) => {
        try {
          const chunks = [];
          for await (const chunk of req) chunks.push(chunk);
          const { method, headers } = req;
          const url = `http://127.0.0.1${req.url}`;
          const body = chunks.length > 0 ? { bytes: Buffer.concat(chunks) } : undefined;
          const request = new azure.HttpRequest({ method, url, headers, body });
          await readJson(request);
          const response = new azure.HttpResponse(await webhook.respond(request, box.options));
          const bytes = Buffer.from(await response.arrayBuffer());
          res.writeHead(response.status, Object.fromEntries(response.headers)).end(bytes);
        } catch (error) {
          box.failed.push(error);
          res.writeHead(500).end("failed");
        }
      }),
    ),
  parsed: { "/json": /has been read/ },
  breaks: false,
});
