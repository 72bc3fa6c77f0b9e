// AWS Lambda behind API Gateway (REST and HTTP), a function URL or a load balancer: base64, header case, lists of values.
import { WebhookError } from "countersign";
import type { Event, Webhook } from "countersign";
import { answering, type AdapterOptions } from "./shared/answer.js";

export type { AdapterOptions };

type Headers = { readonly [name: string]: string | undefined };
type Lists = { readonly [name: string]: readonly string[] | undefined };

/** The part that is used of the events of API Gateway (payload formats 1.0 and 2.0), function URLs and load balancers. */
export interface LambdaEvent {
  readonly httpMethod?: string | undefined;
  /** Format 2.0 has the method in here: `http.method`. */
  readonly requestContext?: object | undefined;
  readonly headers?: Headers | null | undefined;
  readonly multiValueHeaders?: Lists | null | undefined;
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

/** An answer that all of them understand. */
export interface LambdaResult {
  statusCode: number;
  headers: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  body: string;
  isBase64Encoded: false;
}

const HINT = "The event's body is no text: leave out what parses it before, such as middy's httpJsonBodyParser.";

/** The function's handler: `export const handler = lambdaWebhook(webhook, { handler })`. */
export function lambdaWebhook<P extends string, E extends LambdaEvent = LambdaEvent, C = unknown>(
  webhook: Webhook<P>,
  options: AdapterOptions<Event<P>, { event: E; context: C }>,
): (event: E, context: C) => Promise<LambdaResult> {
  const answer = answering(webhook, options);
  return async (event, context) => {
    const answered = await answer({ event, context }, (maxBytes, provider) => {
      const { http } = (event.requestContext ?? {}) as { readonly http?: { readonly method?: string } };
      if ((http?.method ?? event.httpMethod) !== "POST") {
        throw new WebhookError("method_not_allowed", { provider });
      }
      const body = event.body ?? "";
      if (typeof body !== "string") throw new WebhookError("body_not_raw", { provider, hint: HINT });
      const raw = event.isBase64Encoded ? fromBase64(body) : new TextEncoder().encode(body);
      if (raw.length > maxBytes) throw new WebhookError("body_too_large", { provider });
      return { headers: event.multiValueHeaders ?? event.headers ?? {}, body: raw };
    });
    const headers = Object.fromEntries(answered.headers);
    const result: LambdaResult = {
      statusCode: answered.status,
      headers,
      body: await answered.text(),
      isBase64Encoded: false,
    };
    if (event.multiValueHeaders) {
      // A load balancer that sends lists reads lists only.
      result.multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    }
    return result;
  };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
