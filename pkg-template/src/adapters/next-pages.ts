// Next.js, pages router: refuses a body that Next's own parser has read, which it does unless the file says otherwise.
import type { Event, Webhook } from "countersign";
import { answering, type AdapterOptions } from "./shared/answer.js";
import { readNode, writeAnswer, type NodeRequest, type NodeResponse } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, NodeResponse };

const HINT = "Add `export const config = { api: { bodyParser: false } };` to this file.";

/** The default export of a file in pages/api: `export default nextPagesWebhook(webhook, { handler })`. */
export function nextPagesWebhook<
  P extends string,
  Req extends NodeRequest = NodeRequest,
  Res extends NodeResponse = NodeResponse,
>(
  webhook: Webhook<P>,
  options: AdapterOptions<Event<P>, { req: Req; res: Res }>,
): (req: Req, res: Res) => Promise<void> {
  const answer = answering(webhook, options);
  return async (req, res) => {
    const answered = await answer({ req, res }, (maxBytes, provider) =>
      readNode(req, { maxBytes, provider, hint: HINT }),
    );
    await writeAnswer(res, answered);
  };
}
