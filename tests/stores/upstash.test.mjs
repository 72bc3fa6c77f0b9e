// upstashReplay: Upstash's REST protocol in front of a real Redis, by fetch and through @upstash/redis.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { Redis as UpstashRedis } from "@upstash/redis";
import { upstashReplay } from "countersign/replay/upstash";
import { Redis } from "ioredis";
import { testStore } from "./support/checks.mjs";
import { startRedis } from "./support/servers.mjs";

const TOKEN = "AX4vASQgN2E1";
const { skip, path } = await startRedis();
const asked = [];
let url;

if (!skip) {
  const redis = new Redis(path);
  // As in https://upstash.com/docs/redis/features/restapi: a command is a JSON array, a pipeline an array of those, and
  // each answer has result or error.
  const run = ([command, ...args]) =>
    redis.call(`${command}`, ...args).then(
      (result) => ({ result }),
      ({ message }) => ({ error: message }),
    );
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ url: request.url, headers: request.headers });
    const answer = (status, body) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return answer(401, { error: "WRONGPASS invalid or missing auth token" });
    if (request.method !== "POST") return answer(405, { error: "ERR method not allowed" });
    const command = JSON.parse(Buffer.concat(chunks).toString());
    if (request.url === "/pipeline") return answer(200, await Promise.all(command.map(run)));
    const outcome = await run(command);
    answer("error" in outcome ? 400 : 200, outcome);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}`;
  after(async () => {
    server.close();
    server.closeAllConnections();
    await redis.quit();
  });
}

testStore("Upstash by fetch", () => upstashReplay({ url, token: TOKEN }), skip);
testStore(
  "@upstash/redis",
  () =>
    upstashReplay({ client: new UpstashRedis({ url, token: TOKEN, responseEncoding: false, enableTelemetry: false }) }),
  skip,
);

test("the token is in a header and nowhere else", { skip }, async () => {
  asked.length = 0;
  await upstashReplay({ url: `${url}/`, token: TOKEN, prefix: "shop:" }).claim("a", 60);
  assert.equal(asked.length, 1);
  assert.equal(asked[0].url, "/");
  const wrong = upstashReplay({ url, token: "another-secret" });
  await assert.rejects(
    wrong.claim("a", 60),
    (error) => /401.*WRONGPASS/.test(error.message) && !error.message.includes("another-secret"),
  );
});

test("what is no answer of Upstash is an error, never a claim", async (t) => {
  const bodies = [
    "",
    "<html>",
    "null",
    "[]",
    "{}",
    '{"error":"ERR max daily request limit exceeded"}',
    '{"result":"OK"}',
    '{"result":null}',
  ];
  const server = createServer((request, response) => response.end(bodies[Number(request.url.slice(1))]));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close().closeAllConnections());
  for (const at of bodies.keys()) {
    const store = upstashReplay({ url: `http://127.0.0.1:${server.address().port}/${at}`, token: TOKEN });
    await assert.rejects(store.claim("a", 60), Error, bodies[at]);
  }
  await assert.rejects(upstashReplay({ url: "http://127.0.0.1:1", token: TOKEN }).claim("a", 60));
});

test("an environment variable that is not set is a TypeError at once", () => {
  for (const access of [
    {},
    { url: undefined, token: TOKEN },
    { url: "https://x.upstash.io", token: undefined },
    { url: "", token: "" },
  ]) {
    assert.throws(() => upstashReplay(access), /needs url and token/);
  }
});
