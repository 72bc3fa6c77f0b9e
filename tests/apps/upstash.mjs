// Upstash's REST interface in front of a Redis on this machine: each command is a JSON array.
import { once } from "node:events";
import { createServer } from "node:http";
import { Redis } from "ioredis";

/** Its URL and its token. */
export async function upstashServer(t, port) {
  const redis = new Redis(port, "127.0.0.1");
  const token = "a-token";
  const server = createServer(async (request, response) => {
    const answer = (status, value) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: "Unauthorized" });
    let text = "";
    for await (const part of request) text += part;
    try {
      const [command, ...args] = JSON.parse(text).map(String);
      answer(200, { result: await redis.call(command, ...args) });
    } catch (error) {
      answer(400, { error: error.message });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    redis.disconnect();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, token };
}
