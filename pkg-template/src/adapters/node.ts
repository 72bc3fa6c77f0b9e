// node:http and node:https: a request listener that never crashes the process and never leaves a request unanswered.
import type { Event, Webhook } from "countersign";
import { answering, type AdapterOptions } from "./shared/answer.js";
import { readNode, writeAnswer, type NodeRequest, type NodeResponse } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, NodeResponse };

export interface NodeOptions<E, C> extends AdapterOptions<E, C> {
  /** Called with what went wrong on this side; the caller gets a plain 500. Default: `console.error`. */
  readonly onError?: ((error: unknown, context: C) => unknown) | undefined;
}

const HINT = "Call the function that nodeWebhook made before anything else reads the request.";

/** Answers a request of Node's own server: `createServer(nodeWebhook(webhook, { handler }))`. */
export function nodeWebhook<
  P extends string,
  Req extends NodeRequest = NodeRequest,
  Res extends NodeResponse = NodeResponse,
>(
  webhook: Webhook<P>,
  { onError = (error) => console.error(error), ...options }: NodeOptions<Event<P>, { req: Req; res: Res }>,
): (req: Req, res: Res) => Promise<void> {
  const answer = answering(webhook, options);
  return async (req, res) => {
    const context = { req, res };
    try {
      const answered = await answer(context, (maxBytes, provider) => readNode(req, { maxBytes, provider, hint: HINT }));
      await writeAnswer(res, answered);
    } catch (error) {
      await writeAnswer(res, new Response("failed", { status: 500 }));
      await onError(error, context);
    }
  };
}
