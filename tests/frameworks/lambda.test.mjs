// AWS Lambda: events in each shape that AWS documents, made of real requests.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { Webhook } from "countersign";
import { lambdaWebhook } from "countersign/aws-lambda";
import { SECRET, delivery, listen, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

/** As in AWS' own examples, without headers and body. */
const events = JSON.parse(readFileSync(new URL("support/lambda-events.json", import.meta.url), "utf8"));

const TEXT = /^(text\/|application\/(json|javascript|xml))/;

/** Text stays text, all else becomes base64: by content type and encoding, and in a REST API for each type listed as binary. */
function bodyOf(bytes, { "content-type": type, "content-encoding": encoding }, rest) {
  const text = bytes.toString("utf8");
  // What is no UTF-8 could not be text in the event's JSON.
  if (!rest && !encoding && TEXT.test(type) && Buffer.from(text).equals(bytes))
    return { body: text, isBase64Encoded: false };
  return { body: bytes.toString("base64"), isBase64Encoded: true };
}

function eventOf(service, req, bytes) {
  const event = structuredClone(events[service]);
  const rest = "resource" in event;
  if (event.httpMethod) event.httpMethod = req.method;
  else event.requestContext.http.method = req.method;
  // A REST API keeps the letter case of names.
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = rest ? req.rawHeaders[i] : req.rawHeaders[i].toLowerCase();
    if (event.headers) event.headers[name] = req.rawHeaders[i + 1];
    if (event.multiValueHeaders) {
      event.multiValueHeaders[name] ??= [];
      event.multiValueHeaders[name].push(req.rawHeaders[i + 1]);
    }
  }
  if (bytes.length > 0) Object.assign(event, bodyOf(bytes, req.headers, rest));
  return event;
}

for (const service of Object.keys(events)) {
  suite(`Lambda behind ${service}`, {
    start: (box) => {
      const handler = lambdaWebhook(webhook, box.options);
      return listen(
        createServer(async (req, res) => {
          try {
            const chunks = [];
            for await (const chunk of req) chunks.push(chunk);
            const event = eventOf(service, req, Buffer.concat(chunks));
            if (req.url === "/json" && req.method === "POST") event.body = { type: "parsed" };
            const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = await handler(
              JSON.parse(JSON.stringify(event)),
              {},
            );
            // A load balancer reads only what its setting says.
            res
              .writeHead(statusCode, event.headers ? headers : multiValueHeaders)
              .end(Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"));
          } catch (error) {
            box.failed.push(error);
            res.writeHead(502).end("failed");
          }
        }),
      );
    },
    parsed: { "/json": /middy's httpJsonBodyParser/ },
    own: {
      "a result of Lambda": [
        (_, { event }) => ({
          statusCode: 202,
          [event.headers ? "headers" : "multiValueHeaders"]: { "x-mine": event.headers ? "3" : ["3"] },
          body: "own",
        }),
        { status: 202, text: "own", mine: "3" },
      ],
    },
    failing: { "a result of Lambda": () => ({ statusCode: 503 }) },
    breaks: false,
  });
}

test("Lambda: the handler is given the event and the context", async () => {
  const seen = [];
  const handler = lambdaWebhook(webhook, {
    handler: (event, { event: own, context }) => seen.push(event.type, own, context),
  });
  const { headers, body } = delivery('{"type":"a"}');
  const event = { ...events["a function URL"], headers, body: body.toString() };
  const context = { awsRequestId: "1" };
  const result = await handler(event, context);
  assert.deepEqual(seen, ["a", event, context]);
  assert.deepEqual(result, {
    statusCode: 200,
    headers: {},
    body: "",
    isBase64Encoded: false,
  });
});

test("Lambda: what is no request is method_not_allowed", async () => {
  const handler = lambdaWebhook(webhook, { handler() {} });
  for (const event of [{}, { source: "aws.events", detail: {} }, { Records: [] }]) {
    assert.equal((await handler(event, {})).statusCode, 405);
  }
});
