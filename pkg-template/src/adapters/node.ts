// node:http and node:https: a request listener that never crashes the process and never leaves a request unanswered.
import type { Event } from "countersign";
import { onlyKeys } from "../check.js";
import { own } from "../own.js";
import { OPTIONS, type AdapterOptions, type WebhookSource } from "./shared/answer.js";
import { answeringNode, writeFailure, type NodeRequest, type NodeResponse } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, NodeResponse, WebhookSource };

export interface NodeOptions<E, C> extends AdapterOptions<E, C> {
  /** Called with what went wrong on this side; the caller gets a plain 500. Default: `console.error`. */
  readonly onError?: ((error: unknown, context: C) => unknown) | undefined;
}

/** @ts-ignore: any, where Node's types are not installed */
type Request = import("node:http").IncomingMessage;
/** @ts-ignore: any, where Node's types are not installed */
type Response = import("node:http").ServerResponse;

const HINT = "Call the function that nodeWebhook made before anything else reads the request.";

/** Answers a request of Node's own server: `createServer(nodeWebhook(webhook, { handler }))`. */
export function nodeWebhook<P extends string, Req extends NodeRequest = Request, Res extends NodeResponse = Response>(
  webhook: WebhookSource<P, { req: Req; res: Res }>,
  given: NodeOptions<Event<P>, { req: Req; res: Res }>,
): (req: Req, res: Res) => Promise<void> {
  const all = own(given) as typeof given;
  onlyKeys("options", all, [...OPTIONS, "onError"]);
  const { onError = (error: unknown) => console.error(error), ...options } = all;
  const answer = answeringNode(webhook, options, { hint: HINT });
  return async (req, res) => {
    const context = { req, res };
    try {
      await answer(context);
    } catch (error) {
      writeFailure(res);
      try {
        await onError(error, context);
      } catch (another) {
        console.error(another);
      }
    }
  };
}
