// AWS Lambda behind API Gateway (REST and HTTP), a function URL or a load balancer: base64, header case, lists of values.
import { WebhookError } from "countersign";
import type { Event } from "countersign";
import { isPlain } from "../answer.js";
import { own, ownOne } from "../own.js";
import { headersOf } from "./shared/node.js";
import { isSent, answering, answerOr, type AdapterOptions, type WebhookSource } from "./shared/answer.js";

export type { AdapterOptions, WebhookSource };

type Headers = { readonly [name: string]: string | undefined };
type Lists = { readonly [name: string]: readonly string[] | undefined };

/** The part that is used of the events of API Gateway (payload formats 1.0 and 2.0), function URLs and load balancers. */
export interface LambdaEvent {
  readonly version?: string | undefined;
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
  /** Of format 2.0; the others have cookies among the lists. */
  cookies?: string[];
  body: string;
  isBase64Encoded: boolean;
}

/** @ts-ignore: any, where Lambda's types are not installed */
type Rest = import("aws-lambda").APIGatewayProxyEvent;
/** @ts-ignore: any, where Lambda's types are not installed */
type Http = import("aws-lambda").APIGatewayProxyEventV2;
/** @ts-ignore: any, where Lambda's types are not installed */
type Balancer = import("aws-lambda").ALBEvent;
/** @ts-ignore: any, where Lambda's types are not installed */
type Context = import("aws-lambda").Context;

/** The events of all four services: `"rawPath" in event`, for one, tells them apart. */
type AnyEvent = Rest | Http | Balancer;

const NO_REQUEST =
  "The event is no HTTP request: it came from something else than API Gateway, a function URL or a load balancer.";

const HINT = "The event's body is no text: leave out what parses it before, such as middy's httpJsonBodyParser.";

/**
 * The function's handler: `export const handler = lambdaWebhook(webhook, { handler })`. What a handler returns may also be
 * a result of Lambda's own, with a `statusCode`.
 */
export function lambdaWebhook<P extends string, E extends LambdaEvent = AnyEvent, C = Context>(
  webhook: WebhookSource<P, { event: E; context: C }>,
  options: AdapterOptions<Event<P>, { event: E; context: C }>,
): (event: E, context: C) => Promise<LambdaResult> {
  const results = new WeakMap<object, LambdaResult>();
  const answer = answering(webhook, options, {
    read: (context, maxBytes, provider) => {
      const event = own<LambdaEvent>(context.event);
      const { http } = own(event.requestContext) as { readonly http?: { readonly method?: string } };
      const method = ownOne(http, "method") ?? event.httpMethod;
      if (method !== "POST") {
        const hint = method === undefined ? NO_REQUEST : undefined;
        throw new WebhookError("method_not_allowed", { provider, hint });
      }
      const body = event.body ?? "";
      if (typeof body !== "string") throw new WebhookError("body_not_raw", { provider, hint: HINT });
      const raw = event.isBase64Encoded ? fromBase64(body) : new TextEncoder().encode(body);
      if (raw.length > maxBytes) throw new WebhookError("body_too_large", { provider });
      return { headers: event.multiValueHeaders ?? event.headers ?? {}, body: raw };
    },
    answer: (context) => (returned) => {
      if (!isPlain(returned) || !Number.isInteger(returned["statusCode"])) return answerOr(returned, 200);
      results.set(context, returned as unknown as LambdaResult);
      return { sent: true, status: returned["statusCode"] as number };
    },
  });
  return async (event, lambda) => {
    const context = { event, context: lambda };
    const answered = await answer(context);
    if (isSent(answered)) return results.get(context)!;
    const sent = headersOf(answered);
    const headers = Object.fromEntries(sent.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
    const cookies = sent.flatMap(([, value]) => (typeof value === "string" ? [] : value));
    const result: LambdaResult = {
      statusCode: answered.status,
      headers,
      ...textOf(new Uint8Array(await answered.arrayBuffer())),
    };
    if (ownOne(event, "multiValueHeaders")) {
      // A load balancer that sends lists reads lists only.
      result.multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    }
    if (cookies.length > 0) {
      if (ownOne(event, "version") === "2.0") result.cookies = cookies;
      else result.multiValueHeaders = { ...result.multiValueHeaders, "set-cookie": cookies };
    }
    return result;
  };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Bytes as Lambda takes them: as text, or where they are none as base64. */
function textOf(bytes: Uint8Array): Pick<LambdaResult, "body" | "isBase64Encoded"> {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), isBase64Encoded: false };
  } catch {
    // In pieces: a call takes some ten thousand arguments.
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return { body: btoa(text), isBase64Encoded: true };
  }
}
