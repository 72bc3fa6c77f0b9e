// Express 4 and 5: reads the request itself, so that no parser's type, limit or inflating stands in between.
import type { Event, Webhook } from "countersign";
import { answering, type AdapterOptions } from "./shared/answer.js";
import { keptByParser, readNode, writeAnswer, type NodeRequest, type NodeResponse } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, NodeResponse };

const HINT =
  "Mount expressWebhook above app.use(express.json()) and every other body parser, so that it reads the request itself.";

/** A handler for a route: `app.all("/hook", expressWebhook(webhook, { handler }))`, above all body parsers. */
export function expressWebhook<
  P extends string,
  Req extends NodeRequest = NodeRequest,
  Res extends NodeResponse = NodeResponse,
>(
  webhook: Webhook<P>,
  options: AdapterOptions<Event<P>, { req: Req; res: Res }>,
): (req: Req, res: Res, next: (error?: unknown) => void) => void {
  const answer = answering(webhook, options);
  return (req, res, next) => {
    answer({ req, res }, (maxBytes, provider) =>
      readNode(req, { maxBytes, provider, hint: HINT, kept: () => keptByParser(req) }),
    )
      .then((answered) => writeAnswer(res, answered))
      .catch(next);
  };
}
