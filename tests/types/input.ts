// What may be passed in, and what must not compile.
import type { IncomingHttpHeaders } from "node:http";
import {
  Webhook,
  WebhookError,
  detectProvider,
  type providers,
  type BodyInput,
  type Code,
  type Delivery,
  type EventFacts,
  type HeadersInput,
  type Keyring,
  type Options,
  type Provider,
  type ProviderInfo,
  type ReceiveOptions,
  type Scheme,
  type Secret,
  type SignOptions,
  type TimeInput,
  type Tolerance,
} from "countersign";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_Holds extends true>(): void {}

const webhook = new Webhook("stripe", "whsec_");
declare const bytes: Uint8Array;
declare const node: IncomingHttpHeaders;
declare const nodeDistinct: NodeJS.Dict<string[]>;
declare const native: Headers;
declare const request: Request;

// Headers in every shape.
const shapes: HeadersInput[] = [
  node,
  nodeDistinct,
  native,
  request.headers,
  new Map([["a", "b"]]),
  new Map<string, string | string[]>([["a", ["b"]]]),
  [["a", "b"]],
  [["a", "b"]] as const,
  new Map([["a", "b"]]).entries(),
  native.entries(),
  { a: "b" },
  { a: ["b", "c"] },
  { a: undefined },
  {} as Record<string, string>,
  {} as Record<string, string | undefined>,
  {} as Record<string, string[] | undefined>,
];
for (const headers of shapes) webhook.verify({ headers, body: "" });
webhook.verify({ headers: node, body: bytes });
// An API Gateway event.
declare const lambda: { headers: Record<string, string | undefined>; body: string };
webhook.verify(lambda);
// Frameworks' requests as they are.
declare const express: { headers: IncomingHttpHeaders; body: Buffer };
webhook.verify(express, { now: 1_700_000_000 });
// @ts-expect-error: text is no headers
webhook.verify({ headers: 5, body: bytes });
// @ts-expect-error: headers are needed
webhook.verify({ body: bytes });

// Bodies.
const bodies: BodyInput[] = [
  "",
  bytes,
  Buffer.from(""),
  bytes.buffer,
  new ArrayBuffer(1),
  new DataView(new ArrayBuffer(1)),
];
for (const body of bodies) webhook.verify({ headers: [], body }, { now: new Date() });
// @ts-expect-error: a parsed object
webhook.verify({ headers: [], body: { id: "evt_1" } });
// @ts-expect-error: a parsed object
webhook.sign({ id: "evt_1" });
// @ts-expect-error: a parsed list
webhook.verify({ headers: [], body: [1, 2] });
// @ts-expect-error: no body
webhook.verify({ headers: [], body: undefined });
// @ts-expect-error: no body
webhook.verify({ headers: [], body: null });
// @ts-expect-error: a Buffer that went through JSON
webhook.verify({ headers: [], body: Buffer.from("").toJSON() });
// @ts-expect-error: a body that is still to be read
webhook.verify({ headers: [], body: request.text() });

// Providers.
// @ts-expect-error: misspelt
new Webhook("strip", "secret");
// @ts-expect-error: another case
new Webhook("Stripe", "secret");
// @ts-expect-error: "custom" is not a provider
new Webhook("custom", "secret");
declare const name: Provider;
void (new Webhook(name, "secret").provider satisfies Provider);
// @ts-expect-error: any text is not a provider
new Webhook("stripe" as string, "secret");

// Either of the two forms, where the program only learns which.
declare const either: Provider | Scheme;
void (new Webhook(either, "secret") satisfies Webhook);

// Secrets.
const secrets: Keyring[] = [
  "a",
  bytes,
  { secret: "a" },
  ["a", bytes, { secret: bytes, name: "n", expires: new Date() }],
  [{ secret: "a", expires: 1 }] as const,
];
for (const secret of secrets) new Webhook("stripe", secret);
// An environment variable that is not set is refused at run time, with a sentence.
new Webhook("stripe", process.env["SECRET"]);
// @ts-expect-error: a number is no secret
new Webhook("stripe", 5);

// Options.
const options: Options = {
  tolerance: { past: Infinity },
  dialect: "default",
  headers: { signature: "X" },
  encoding: "hex",
  key: "utf8",
};
new Webhook("stripe", "a", options);
new Webhook("stripe", "a", { tolerance: { past: undefined, future: 5 } });
// @ts-expect-error: misspelt
new Webhook("stripe", "a", { tolerence: { past: 5 } });
// @ts-expect-error: one number is not a window
new Webhook("stripe", "a", { tolerance: 300 });
// Null is how JSON says that a side is off.
new Webhook("stripe", "a", { tolerance: { past: null } });
// @ts-expect-error: no such encoding
new Webhook("stripe", "a", { encoding: "utf8" });
// @ts-expect-error: text is no time
webhook.verify({ headers: [], body: "" }, { now: "2026-01-01" });
const times: TimeInput[] = [1, new Date()];
void times;

// Schemes of one's own.
const scheme: Scheme = {
  signature: { header: "X-A", prefix: "v1=", separator: ",", encoding: "base64" },
  timestamp: { header: "X-T", format: "iso8601" },
  id: { header: "X-I" },
  signed: "{id}.{timestamp}.{body}",
  key: "hex",
  algorithm: "hmac-sha512",
  tolerance: { past: 5 },
  event: { type: "a.b", id: "c" },
};
is<Same<ReturnType<typeof custom>, string>>();
function custom() {
  return new Webhook(scheme, "secret").provider;
}
// @ts-expect-error: what is signed?
new Webhook({ signature: { header: "X-A", encoding: "hex" } }, "secret");
// @ts-expect-error: which encoding?
new Webhook({ signature: { header: "X-A" }, signed: "{body}" }, "secret");

// What comes back.
is<Same<ReturnType<typeof webhook.sign>, Record<string, string>>>();
is<Same<ReturnType<typeof providers>, ProviderInfo[]>>();
is<Same<ReturnType<typeof detectProvider>, Provider | null>>();
void detectProvider(node);
new Headers(webhook.sign("", { id: "a", now: 5, type: "x" } satisfies SignOptions));
void webhook.receive(request, { maxBytes: 5, now: 5 } satisfies ReceiveOptions);
void ({ headers: {}, body: "" } satisfies Delivery);
void ({ secret: "a" } satisfies Secret);
void ({ past: 5 } satisfies Tolerance);
declare const facts: EventFacts<"stripe">;
void facts;

// Errors.
try {
  webhook.verify({ headers: [], body: "" });
} catch (error) {
  if (error instanceof WebhookError) {
    is<Same<typeof error.code, Code>>();
    is<Same<typeof error.status, number>>();
    void (error.header satisfies string | undefined);
    void (error.signedAt satisfies number | undefined);
    void (error.now satisfies number | undefined);
    void (error.provider satisfies string);
    void (error.toResponse() satisfies Response);
    // @ts-expect-error: no such code
    if (error.code === "signature_missmatch") throw error;
    status(error.code);
  }
}

/** Every code, and no other. */
function status(code: Code): number {
  switch (code) {
    case "body_incomplete":
    case "header_missing":
    case "header_malformed":
    case "header_conflict":
      return 400;
    case "signature_mismatch":
    case "timestamp_too_old":
    case "timestamp_too_new":
      return 401;
    case "method_not_allowed":
      return 405;
    case "in_progress":
      return 409;
    case "body_too_large":
      return 413;
    case "payload_invalid":
      return 422;
    case "duplicate":
      return 200;
    case "body_not_raw":
    case "input_unreadable":
    case "secret_conflict":
    case "secret_empty":
    case "secret_expired":
    case "secret_not_decodable":
    case "secret_wrong_kind":
      return 500;
    default:
      return code satisfies never;
  }
}
