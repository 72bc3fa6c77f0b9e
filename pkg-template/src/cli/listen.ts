// `countersign listen`: a receiver on this machine that shows each delivery, verified or explained, as it comes.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import process from "node:process";
import {
  detectProvider,
  Webhook,
  WebhookError,
  type Event,
  type Provider,
  type Scheme,
  type Secret,
} from "countersign";
import { diagnose, type Diagnosis } from "countersign/diagnose";
import { clueOf } from "../explain/clues.js";
import { AS_DOCUMENTED, fact, isKnown, payloadOf, printFix, titleOf } from "./report.js";
import { secretsOf } from "./secrets.js";
import { Paint, size, visible } from "./style.js";
import {
  COMMON,
  dialectOf,
  EXIT,
  frameworkOf,
  read,
  SECRET_HELP,
  PROVIDER,
  PROVIDER_HELP,
  providerOf,
  UsageError,
} from "./usage.js";
import { factsOf, print } from "./verify.js";

export const LISTEN_HELP: string = `countersign listen [options]

Receives webhooks on this machine and shows each delivery, verified or explained, as it comes. It answers 200 to what
verifies and what a receiver should answer to the rest. A tunnel (cloudflared, ngrok, tailscale funnel) makes it public.

Receiving
      --port N           on this port (default: 4800; 0 takes a free one)
      --host NAME        on this address (default: 127.0.0.1)
      --forward URL      pass what verifies on to your receiver, and its answer back
${PROVIDER_HELP}
                         (default: the provider whose signature header is there)
${SECRET_HELP}

Showing
  -f, --framework NAME   show the fix in this framework's code, such as express
      --json             one line of JSON for each delivery

Exit codes
  0 stopped (Ctrl-C)   2 the command was not understood   3 the port is taken

Example
  COUNTERSIGN_SECRET=whsec_… countersign listen --provider stripe`;

/** The same limit as for `receive`. */
const MAX_BYTES = 5 * 1024 * 1024;

/** Headers that are about one connection, not about the message. */
const HOP_BY_HOP =
  /^(connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

interface Setup {
  readonly provider: Provider | Scheme | undefined;
  readonly secrets: Secret[];
  readonly options: { dialect?: string | undefined };
  readonly forward: URL | undefined;
}

/** The result for a delivery. */
interface Outcome {
  readonly status: number;
  readonly code: string;
  readonly provider: string;
  readonly event?: Event | undefined;
  readonly why?: Diagnosis | undefined;
  /** Said instead of both, where there is nothing to verify. */
  readonly sentence?: string | undefined;
}

export async function listen(args: string[]): Promise<number> {
  const { values, positionals } = read(args, {
    ...COMMON,
    ...PROVIDER,
    port: { type: "string" },
    host: { type: "string" },
    forward: { type: "string" },
    framework: { type: "string", short: "f" },
  } as const);
  if (values.help) {
    process.stdout.write(`${LISTEN_HELP}\n`);
    return EXIT.done;
  }
  if (positionals.length > 0) throw new UsageError("listen takes options only.");
  const port = values.port === undefined ? 4800 : Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) throw new UsageError("--port is a number up to 65535.");
  const forward =
    values.forward === undefined ? undefined : URL.canParse(values.forward) ? new URL(values.forward) : null;
  if (forward === null) throw new UsageError("--forward takes a URL.");
  const framework = frameworkOf(values.framework);
  const provider = providerOf(values);
  const setup: Setup = {
    provider,
    secrets: await secretsOf(values),
    options: dialectOf(values.dialect, provider),
    forward,
  };

  const paint = new Paint(process.stdout);
  const server = createServer((request, response) => {
    void receive(request, response, setup, framework).then((shown) => {
      if (shown) show(paint, shown.outcome, shown.bytes, values.json ?? false);
    });
  });
  server.listen(port, values.host ?? "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as { code?: string };
    process.stderr.write(
      `countersign: port ${port} ${code === "EADDRINUSE" ? "is taken: choose another with --port" : `cannot be listened on (${code})`}\n`,
    );
    return EXIT.unreachable;
  }
  const address = server.address();
  const at =
    typeof address === "object" && address
      ? `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`
      : "";
  const who =
    provider === undefined
      ? "any known provider"
      : typeof provider === "string"
        ? titleOf(provider)
        : (provider.name ?? "your scheme");
  process.stderr.write(
    `Listening on ${at} for ${who}${forward ? `, forwarding to ${forward.origin}` : ""}. Ctrl-C stops.\n`,
  );
  await new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  server.close();
  server.closeAllConnections();
  return EXIT.done;
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  setup: Setup,
  framework: ReturnType<typeof frameworkOf>,
): Promise<{ outcome: Outcome; bytes: number } | undefined> {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2)
    headers.push([request.rawHeaders[at]!, request.rawHeaders[at + 1]!]);
  let body: Uint8Array | undefined;
  try {
    body = await bodyOf(request);
  } catch {
    // The connection was closed before the body was complete.
    return undefined;
  }
  const outcome = judge(request.method ?? "", headers, body, setup, framework);
  try {
    if (outcome.event && setup.forward && body) await pass(setup.forward, request, headers, body, response);
    else answer(response, outcome.status);
  } catch {
    answer(response, 502);
    process.stderr.write(`countersign: ${setup.forward?.host} did not answer\n`);
  }
  return { outcome, bytes: body?.length ?? 0 };
}

/** The whole body, or undefined where it is larger than the limit. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BYTES) chunks.push(chunk);
  }
  return length <= MAX_BYTES ? new Uint8Array(Buffer.concat(chunks)) : undefined;
}

function judge(
  method: string,
  headers: [string, string][],
  body: Uint8Array | undefined,
  setup: Setup,
  framework: ReturnType<typeof frameworkOf>,
): Outcome {
  const provider = setup.provider ?? detectProvider(headers);
  const name = typeof provider === "string" ? provider : provider ? (provider.name ?? "custom") : "";
  if (method !== "POST")
    return { status: 405, code: "method_not_allowed", provider: name, sentence: "Webhooks are POST requests." };
  if (!body)
    return {
      status: 413,
      code: "body_too_large",
      provider: name,
      sentence: `The body is larger than ${size(MAX_BYTES)}.`,
    };
  if (!provider)
    return {
      status: 400,
      code: "header_missing",
      provider: name,
      sentence: `${clueOf(headers).sentence} --provider names the provider that you expect.`,
    };
  const delivery = { headers, body };
  try {
    return {
      status: 200,
      code: "valid",
      provider: name,
      event: new Webhook(provider, setup.secrets, setup.options).verify(delivery),
    };
  } catch (error) {
    if (!(error instanceof WebhookError))
      return {
        status: 500,
        code: "failed",
        provider: name,
        sentence: error instanceof TypeError ? error.message : "It could not be verified.",
      };
    return {
      status: error.status,
      code: error.code,
      provider: name,
      why: diagnose(provider, setup.secrets, delivery, { ...setup.options, framework }),
    };
  }
}

async function pass(
  forward: URL,
  request: IncomingMessage,
  headers: [string, string][],
  body: Uint8Array,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", forward);
  // A path in --forward is the receiver's own.
  if (forward.pathname !== "/") url.pathname = forward.pathname;
  url.protocol = forward.protocol;
  url.host = forward.host;
  const answered = await fetch(url, {
    method: "POST",
    headers: headers.filter(([name]) => !HOP_BY_HOP.test(name)),
    body: body as Uint8Array<ArrayBuffer>,
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
  const bytes = Buffer.from(await answered.arrayBuffer());
  response
    .writeHead(answered.status, { "content-type": answered.headers.get("content-type") ?? "text/plain" })
    .end(bytes);
}

function answer(response: ServerResponse, status: number): void {
  const allow = status === 405 ? { allow: "POST" } : {};
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", ...allow })
    .end(status < 300 ? "ok" : "refused");
}

function show(
  paint: Paint,
  { status, code, provider, event, why, sentence }: Outcome,
  bytes: number,
  json: boolean,
): void {
  const at = new Date();
  if (json) {
    print({
      at: at.toISOString(),
      verified: event !== undefined,
      status,
      code,
      provider,
      bytes,
      ...(event ? { event: factsOf(event) } : {}),
      ...(why ? { diagnosis: why } : {}),
      ...(sentence ? { summary: sentence } : {}),
    });
    return;
  }
  const time = paint.in("dim", at.toTimeString().slice(0, 8));
  const who = paint.in("bold", (provider ? titleOf(provider) : "unknown provider").padEnd(16));
  if (event) {
    const id = event.id === null ? "" : `  ${visible(event.id)}`;
    paint.line(
      `${time}  ${paint.in("green", "✓")} ${who}  ${event.type === null ? "event" : visible(event.type)}${paint.in("dim", `${id}  ${size(bytes)}  key ${visible(event.key)}`)}`,
    );
    const payload = payloadOf(event);
    if (isKnown(event) && !payload.endsWith(AS_DOCUMENTED))
      paint.entry("Payload", payload, { indent: 12, colour: "yellow" });
    return;
  }
  paint.line(
    `${time}  ${paint.in("red", "✗")} ${who}  ${paint.in("red", code)}${paint.in("dim", `  ${size(bytes)}  answered ${status}`)}`,
  );
  if (sentence) paint.entry("", sentence, { indent: 12, column: 0 });
  if (why && why.causes.length === 0) paint.entry("Cause", why.summary, { indent: 12 });
  for (const cause of why?.causes ?? []) {
    paint.entry("Cause", cause.code, { indent: 12, colour: "bold" });
    paint.entry("", cause.message, { indent: 12 });
    printFix(paint, cause, 12);
    const shows = Object.entries(cause.evidence)
      .map(([name, value]) => `${name.replaceAll("_", " ")}: ${fact(value)}`)
      .join("; ");
    if (shows) paint.entry("Shows", shows, { indent: 12, colour: "dim" });
  }
}
