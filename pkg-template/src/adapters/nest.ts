// NestJS on Express: keeps the bytes ahead of Nest's own parsers, for controllers with injected dependencies.
import { providers, WebhookError } from "countersign";
import type { Event } from "countersign";
import { checkMaxBytes } from "../bytes.js";
import { ownOne } from "../own.js";
import { plainAnswer, type AdapterOptions, type WebhookSource } from "./shared/answer.js";
import { answeringNode, readNode, type NodeRequest, type NodeResponse } from "./shared/node.js";

export type { AdapterOptions, NodeRequest, NodeResponse, WebhookSource };

/** @ts-ignore: any, where Express' types are not installed */
type Request = import("express").Request;
/** @ts-ignore: any, where Express' types are not installed */
type Response = import("express").Response;

const HINT =
  "In main.ts, before app.listen() and all other middleware, call app.use(path, rawBody()) from countersign/nest.";

/** Where the middleware leaves what it has read: not in `rawBody`, since what others put there may be inflated. */
const KEPT = Symbol.for("countersign.rawBody");

type Kept = NodeRequest & { [KEPT]?: Uint8Array | WebhookError };

/**
 * For main.ts, before `app.listen()`: `app.use("/hook", rawBody())`. Nest's parsers are put behind it, so it sees each
 * content type and size. A body over `maxBytes` (default: the largest that
 * any provider sends) is dropped, and refused in the controller.
 */
export function rawBody(options?: {
  readonly maxBytes?: number | undefined;
}): (req: NodeRequest, res: unknown, next: () => void) => void {
  const most = checkMaxBytes(ownOne(options, "maxBytes"));
  const maxBytes = most ?? Math.max(...providers().map(({ largestBody }) => largestBody));
  return (req: Kept, _, next) => {
    if (req.method !== "POST") return next();
    readNode(req, { maxBytes, provider: "", hint: HINT }).then(
      ({ body }) => {
        req[KEPT] = body as Uint8Array;
        next();
      },
      (error: WebhookError) => {
        req[KEPT] = error;
        // Nest's parsers leave a request alone only if it has come to its end.
        if (req.destroyed) next();
        else req.on("close", next);
      },
    );
  };
}

/**
 * What a controller's method calls: `return this.receive(req, res)`. What it throws is for Nest's exception filters; text
 * and plain data that a handler returns are sent, as Nest does.
 */
export function nestWebhook<P extends string, Req extends NodeRequest = Request, Res extends NodeResponse = Response>(
  webhook: WebhookSource<P, { req: Req; res: Res }>,
  options: AdapterOptions<Event<P>, { req: Req; res: Res }>,
): (req: Req, res: Res) => Promise<void> {
  const answer = answeringNode(webhook, options, {
    hint: HINT,
    kept: (req: Kept, provider) => {
      const kept = req[KEPT];
      if (!(kept instanceof WebhookError)) return kept;
      const hint = kept.code === "body_not_raw" ? HINT : undefined;
      throw new WebhookError(kept.code, { provider, hint, cause: kept.cause });
    },
    own: plainAnswer,
  });
  return (req, res) => answer({ req, res });
}
