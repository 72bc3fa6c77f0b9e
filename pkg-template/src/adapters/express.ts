// Express 4 and 5, and functions with Express' requests: reads the request itself, so that no parser's type, limit or
// inflating stands in between.
import type { Event } from "countersign";
import type { AdapterOptions, WebhookSource } from "./shared/answer.js";
import { answeringNode, writeFailure, type NodeRequest, type NodeResponse } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, NodeResponse, WebhookSource };

/** @ts-ignore: any, where Express' types are not installed */
type Request = import("express").Request;
/** @ts-ignore: any, where Express' types are not installed */
type Response = import("express").Response;

const HINT =
  "Mount expressWebhook above app.use(express.json()) and every other body parser, so that it reads the request itself.";

/**
 * A handler for a route: `app.all("/hook", expressWebhook(webhook, { handler }))`, above all body parsers. Called without
 * `next`, as Google Cloud Functions and Firebase do, it answers 500 and writes to the console what went wrong.
 */
export function expressWebhook<
  P extends string,
  Req extends NodeRequest = Request,
  Res extends NodeResponse = Response,
>(
  webhook: WebhookSource<P, { req: Req; res: Res }>,
  options: AdapterOptions<Event<P>, { req: Req; res: Res }>,
): (req: Req, res: Res, next?: (error?: unknown) => void) => Promise<void> {
  const answer = answeringNode(webhook, options, { hint: HINT });
  return async (req, res, next) => {
    try {
      await answer({ req, res });
    } catch (error) {
      // Express takes nothing for no error, and a text for a route to skip.
      const isError = typeof error === "object" && error !== null;
      if (next) return next(isError ? error : new Error("What was thrown is no error.", { cause: error }));
      writeFailure(res);
      console.error(error);
    }
  };
}
