// Next.js, pages router: refuses a body that Next's own parser has read, which it does unless the file says otherwise.
import type { Event } from "countersign";
import type { AdapterOptions, WebhookSource } from "./shared/answer.js";
import { answeringNode, type NodeRequest, type NodeResponse } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, NodeResponse, WebhookSource };

/** @ts-ignore: any, where Next.js is not installed */
type Request = import("next").NextApiRequest;
/** @ts-ignore: any, where Next.js is not installed */
type Response = import("next").NextApiResponse;

const HINT = "Add `export const config = { api: { bodyParser: false } };` to this file.";

/** The default export of a file in pages/api: `export default nextPagesWebhook(webhook, { handler })`. */
export function nextPagesWebhook<
  P extends string,
  Req extends NodeRequest = Request,
  Res extends NodeResponse = Response,
>(
  webhook: WebhookSource<P, { req: Req; res: Res }>,
  options: AdapterOptions<Event<P>, { req: Req; res: Res }>,
): (req: Req, res: Res) => Promise<void> {
  const answer = answeringNode(webhook, options, { hint: HINT });
  return (req, res) => answer({ req, res });
}
