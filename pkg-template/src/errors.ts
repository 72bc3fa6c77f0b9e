// Refusals as values: the codes, statuses and sentences come from crates/core/src/error.rs through generated/codes.ts.
import type { Response } from "./fetch.js";
import { brand } from "./brand.js";
import type { Difference } from "./difference.js";
import { codes, type Code } from "./generated/codes.js";
import { own } from "./own.js";
import { platform } from "./platform.js";

export interface ErrorFacts {
  provider?: string | undefined;
  header?: string | undefined;
  signedAt?: number | undefined;
  /** Whether the signature covers `signedAt`. */
  timeSigned?: boolean | undefined;
  now?: number | undefined;
  hint?: string | undefined;
  retryAfter?: number | undefined;
  difference?: Difference | undefined;
  cause?: unknown;
}

/** Why a delivery, or a secret, was refused. `code` is the contract; the message is for people. */
export interface WebhookError extends Error {
  readonly name: "WebhookError";
  /** The stable code. */
  readonly code: Code;
  /** The HTTP status to answer with. */
  readonly status: number;
  /** The provider that the webhook was made for. */
  readonly provider: string;
  /** The header that the refusal is about. */
  readonly header?: string;
  /**
   * Unix seconds at which the delivery says it was signed, for the two freshness codes. The signature covers that time
   * only where the provider signs it.
   */
  readonly signedAt?: number;
  /** Unix seconds that freshness was judged by. */
  readonly now?: number;
  /** Whole seconds after which another attempt makes sense, for `in_progress`. */
  readonly retryAfter?: number;
  /** The place in the body, such as `data.object.amount`, for `payload_invalid`; empty for the body itself. */
  readonly path?: string;
  /** What was found there, such as `a text`. It quotes nothing of the body. */
  readonly found?: string;
  /** The answer to the caller. It tells nothing about the cause: the caller may be an attacker. */
  toResponse(): Response;
}

interface WebhookErrorConstructor {
  new (code: Code, facts?: ErrorFacts): WebhookError;
  readonly prototype: WebhookError;
}

// Named by its key: minifying would change a class's own name, which logs and engines show.
const named = {
  WebhookError: class extends Error implements WebhookError {
    override readonly name = "WebhookError";
    readonly code: Code;
    readonly status: number;
    readonly provider: string;
    readonly header?: string;
    readonly signedAt?: number;
    readonly now?: number;
    readonly retryAfter?: number;
    readonly path?: string;
    readonly found?: string;

    constructor(code: Code, given?: ErrorFacts) {
      const facts = own(given);
      const [status, sentence, fix] = codes[code];
      let message: string = sentence;
      if (facts.header) message += ` Header: ${facts.header}.`;
      if (facts.signedAt !== undefined && facts.now !== undefined) {
        const by = `${Math.abs(facts.now - facts.signedAt)} s ${facts.signedAt > facts.now ? "ahead" : "ago"}`;
        message += facts.timeSigned ? ` Signed ${by}.` : ` It says ${by}, and the signature does not cover it.`;
      }
      if (facts.difference) message += ` Found ${facts.difference}.`;
      super(`${message} ${facts.hint ?? fix}`, facts.cause === undefined ? undefined : { cause: facts.cause });
      this.code = code;
      this.status = status;
      this.provider = facts.provider ?? "";
      if (facts.header) this.header = facts.header;
      if (facts.signedAt !== undefined) this.signedAt = facts.signedAt;
      if (facts.now !== undefined) this.now = facts.now;
      if (facts.difference) {
        this.path = facts.difference.path;
        this.found = facts.difference.found;
      }
      // A store of somebody's own may say no number.
      const { retryAfter = NaN } = facts;
      if (Number.isFinite(retryAfter)) this.retryAfter = Math.max(1, Math.ceil(retryAfter));
    }

    toResponse(): Response {
      const Made = platform("Response");
      // With headers of its own also where there are none: Node looks for them in what is inherited.
      if (this.status < 300) return new Made(null, own({ status: this.status, headers: {} }));
      const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8" };
      if (this.code === "method_not_allowed") headers["allow"] = "POST";
      if (this.retryAfter !== undefined) headers["retry-after"] = String(this.retryAfter);
      return new Made("refused", own({ status: this.status, headers }));
    }
  },
};

export const WebhookError: WebhookErrorConstructor = named.WebhookError;
brand(WebhookError, "WebhookError");
