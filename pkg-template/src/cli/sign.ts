// `countersign sign`: the headers that a provider would write for a body, or a curl command that sends both.
import process from "node:process";
import { Webhook, WebhookError, type Provider, type Scheme } from "countersign";
import { curlCommand } from "./curl.js";
import { nearest } from "../nearest.js";
import { bodyOf } from "./request.js";
import { sampleOf, typesOf } from "../samples.js";
import { secretsOf } from "./secrets.js";
import {
  COMMON,
  dialectOf,
  EXIT,
  read,
  SECRET_HELP,
  PROVIDER,
  PROVIDER_HELP,
  providerOf,
  timeOf,
  UsageError,
} from "./usage.js";
import { print } from "./verify.js";

/** The options of commands that sign something. */
export const SIGNING = {
  ...COMMON,
  ...PROVIDER,
  type: { type: "string", short: "t" },
  body: { type: "string" },
  "body-file": { type: "string" },
  id: { type: "string" },
  now: { type: "string" },
} as const;

export const BODY_HELP = `
Body (else a sample of the provider's)
  -t, --type TYPE        the event, such as invoice.paid; "countersign providers NAME" lists them
      --body TEXT        this text
      --body-file FILE   the bytes of a file, or - for standard input
      --id ID            the delivery's id (default: a new one)
      --now TIME         sign as of then: Unix seconds or a date (default: now)`;

export const SIGN_HELP: string = `countersign sign --provider NAME [options]

Writes the headers that the provider would write for a body.
${PROVIDER_HELP}
${SECRET_HELP}
${BODY_HELP}

Output
      --curl URL         a curl command that sends the body with these headers
      --json             JSON with the headers and the body

Exit codes
  0 signed   2 the command was not understood, or the secret is none of this provider's

Examples
  countersign sign -p stripe --body-file event.json
  countersign sign -p resend -t email.bounced --curl http://localhost:3000/hook | sh`;

export interface Signed {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string | undefined;
  readonly notes: string[];
}

interface Given {
  provider?: string | undefined;
  scheme?: string | undefined;
  dialect?: string | undefined;
  type?: string | undefined;
  body?: string | undefined;
  "body-file"?: string | undefined;
  id?: string | undefined;
  now?: string | undefined;
  "secret-env"?: string[] | undefined;
  "secret-file"?: string[] | undefined;
  secret?: string[] | undefined;
}

export async function signed(values: Given): Promise<Signed> {
  const provider = providerOf(values);
  if (provider === undefined)
    throw new UsageError(
      'Name the provider with --provider ("countersign providers" lists them), or describe it with --scheme.',
    );
  const now = timeOf(values.now);
  const { body, type, notes } = bodyFor(provider, values);
  const secrets = await secretsOf(values);
  try {
    const webhook = new Webhook(provider, secrets, dialectOf(values.dialect, provider));
    return { headers: webhook.sign(body, { id: values.id, now, type }), body, type, notes };
  } catch (error) {
    if (error instanceof WebhookError || error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function bodyFor(
  provider: Provider | Scheme,
  values: Given,
): { body: Uint8Array<ArrayBuffer>; type: string | undefined; notes: string[] } {
  const own = bodyOf(values);
  if (own) {
    const notes = own.length === 0 ? ["The body is empty: that is what the signature is made for."] : [];
    return { body: own, type: values.type, notes };
  }
  if (typeof provider !== "string")
    throw new UsageError("A provider of your own has no samples: pass --body or --body-file.");
  const sample = sampleOf(provider, values.type);
  if (!sample) throw new UsageError(noSample(provider, values.type ?? ""));
  const notes = sample.own
    ? []
    : [`There is no sample of ${sample.type}: this is another event of ${provider} with that type.`];
  return { body: new TextEncoder().encode(sample.body), type: sample.type, notes };
}

function noSample(provider: Provider, type: string): string {
  const types = typesOf(provider);
  const near = nearest(type, types);
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  return `There is no sample of the type "${type}".${meant} ${provider} has ${types.slice(0, 8).join(", ")}${types.length > 8 ? ", …" : ""}; or pass --body-file.`;
}

export async function sign(args: string[]): Promise<number> {
  const { values, positionals } = read(args, { ...SIGNING, curl: { type: "string" } });
  if (values.help) {
    process.stdout.write(`${SIGN_HELP}\n`);
    return EXIT.done;
  }
  if (positionals.length > 0)
    throw new UsageError("sign takes options only; a body is passed with --body or --body-file.");
  const { headers, body, notes } = await signed(values);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  if (values.json)
    print({ headers, body: new TextDecoder().decode(body), bodyBase64: Buffer.from(body).toString("base64") });
  else if (values.curl !== undefined) {
    const file = values["body-file"];
    process.stdout.write(`${curlCommand(values.curl, headers, body, file === "-" ? undefined : file)}\n`);
  } else for (const [name, value] of Object.entries(headers)) process.stdout.write(`${name}: ${value}\n`);
  return EXIT.done;
}
