// Serves a function of Fetch requests over real HTTP, as the platforms do that call one.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { listen } from "./suite.mjs";

/** What the function throws is told to the box, as a platform's log would be. */
export function serveFetch(box, receive) {
  const answer = async (request) => {
    try {
      return await receive(request);
    } catch (error) {
      box.failed.push(error);
      return new Response("failed", { status: 500 });
    }
  };
  return listen(createServer(getRequestListener(answer, { overrideGlobalObjects: false })));
}

/** Reads the body of one path too early. */
export async function readJson(request) {
  if (new URL(request.url).pathname === "/json" && request.method === "POST") await request.json();
}
