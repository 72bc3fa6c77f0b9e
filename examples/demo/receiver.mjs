// A webhook receiver as you would write it: a listener of node:http, one path for each provider, and the package `countersign`.
import { WebhookError } from "countersign";

/**
 * @param webhooks  path → Webhook, made once at start-up
 * @param handle    what to do with an event; a duplicate never gets here
 * @param log       called once for each request, with its path and the event or the refusal
 * @param maxBytes  the largest body to read
 */
export function createListener({ webhooks, handle, log, maxBytes }) {
  const memory = new Map(); // replay key → { done, until }

  setInterval(() => {
    for (const [key, { until }] of memory) if (until < Date.now() / 1000) memory.delete(key);
  }, 60_000).unref();

  /** Runs the handler unless this event was handled before; forgets it again if the handler fails. */
  async function once(event) {
    const known = memory.get(event.replayKey);
    if (known) throw new WebhookError(known.done ? "duplicate" : "in_progress");
    const entry = { done: false, until: event.expires };
    memory.set(event.replayKey, entry);
    try {
      await handle(event);
      entry.done = true;
    } catch (error) {
      memory.delete(event.replayKey);
      throw error;
    }
  }

  return async (request, response) => {
    const webhook = webhooks[request.url];
    if (!webhook) return response.writeHead(404).end();
    try {
      const event = await webhook.receive(toFetch(request), { maxBytes });
      await once(event);
      log({ path: request.url, event });
      response.writeHead(200).end("ok");
    } catch (error) {
      log({ path: request.url, error });
      if (!(error instanceof WebhookError)) return response.writeHead(500).end(); // ours: the provider tries again
      const answer = error.toResponse(); // tells the caller nothing; the log knows the code
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    }
  };
}

/** Node's request as a Fetch `Request`, its body unread: no body parser may come before. */
function toFetch(request) {
  const { method, headersDistinct, url } = request;
  const headers = Object.entries(headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value]));
  const body = method === "GET" || method === "HEAD" ? null : request;
  return new Request(new URL(url, "http://localhost"), { method, headers, body, duplex: "half" });
}
