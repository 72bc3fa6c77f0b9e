// examples/lambda, called as the Lambda runtime calls it, by function URLs and by the older API Gateway.
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { redisServer } from "../stores/support/servers.mjs";
import { bodies, checkManifest, copy, exchange } from "./support.mjs";
import { upstashServer } from "./upstash.mjs";

/** How each of them writes a request down. */
const formats = {
  "a function URL": ({ method, headers, body }) => ({
    version: "2.0",
    requestContext: { http: { method } },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
  }),
  "API Gateway, format 1.0": ({ method, headers, body }) => ({
    version: "1.0",
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body,
    isBase64Encoded: false,
  }),
};

test("the Lambda app", async (t) => {
  const redis = await redisServer(t);
  if (!redis) return;
  const upstash = await upstashServer(t, redis.port);
  const cwd = copy("lambda");
  checkManifest("lambda");
  const secret = "whsec_your_signing_secret";
  process.env.PLANECONNECTION_WEBHOOK_SECRET = secret;
  process.env.UPSTASH_REDIS_REST_URL = upstash.url;
  process.env.UPSTASH_REDIS_REST_TOKEN = upstash.token;
  const { handler } = await import(pathToFileURL(join(cwd, "index.mjs")));
  let said = "";
  t.mock.method(console, "log", (text) => (said += `${text}\n`));

  for (const [at, [name, format]] of Object.entries(formats).entries()) {
    await t.test(name, () =>
      exchange({
        provider: "planeconnection",
        secret,
        body: bodies.trip.replaceAll("trip_7", `trip_${at}`).replace("evt_006", `evt_${at}`),
        stale: 25 * 3600,
        send: async (request) => {
          const { statusCode, body } = await handler(format(request), {});
          return { status: statusCode, text: body };
        },
        said: () => said,
        handled: `new trip: trip_${at}`,
      }),
    );
  }
});
