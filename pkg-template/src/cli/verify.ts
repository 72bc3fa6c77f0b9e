// `countersign verify` and `countersign explain`: what a saved delivery is worth, and why.
import process from "node:process";
import { detectProvider, Webhook, WebhookError, type Event, type Provider, type Scheme } from "countersign";
import { diagnose, type Diagnosis } from "countersign/diagnose";
import { clueOf } from "../explain/clues.js";
import { payloadOf, printDiagnosis, printEvent } from "./report.js";
import { REQUEST, REQUEST_HELP, requestOf } from "./request.js";
import { secretsOf } from "./secrets.js";
import { Paint } from "./style.js";
import {
  COMMON,
  dialectOf,
  EXIT,
  frameworkOf,
  names,
  read,
  SECRET_HELP,
  PROVIDER,
  PROVIDER_HELP,
  providerOf,
  timeOf,
  UsageError,
} from "./usage.js";

const OPTIONS = {
  ...COMMON,
  ...PROVIDER,
  ...REQUEST,
  framework: { type: "string", short: "f" },
  now: { type: "string" },
  "any-age": { type: "boolean" },
} as const;

const HELP = (name: string, does: string): string => `countersign ${name} [FILE] [options]

${does}
${REQUEST_HELP}
${PROVIDER_HELP}
                         (default: the provider whose signature header is there)
${SECRET_HELP}

Judging
      --now TIME         by this clock: Unix seconds or a date (default: now)
      --any-age          whatever its age, for saved requests
  -f, --framework NAME   show the fix in this framework's code, such as express
      --json             print JSON

Exit codes
  0 verified   1 not verified   2 the command was not understood

Examples
  pbpaste | countersign ${name}                 a request copied from a browser or a proxy
  countersign ${name} request.http --any-age
  countersign ${name} -H "X-Hub-Signature-256: sha256=…" --body-file body.json`;

export const VERIFY_HELP: string = HELP("verify", "Verifies a delivery; says the cause where it does not verify.");
export const EXPLAIN_HELP: string = HELP(
  "explain",
  "Explains a delivery step by step: what verifying saw, the cause, and what it is not.",
);

/** Detects or takes the provider, also by weak signs, which are said; where nothing shows one, the headers are to blame. */
function providerFor(
  given: Provider | Scheme | undefined,
  headers: [string, string][],
  notes: string[],
): Provider | Scheme {
  const known = given ?? detectProvider(headers);
  if (known !== null) return known;
  const { provider, sentence } = clueOf(headers);
  if (provider === undefined) throw new UsageError(`${sentence} Name the provider with --provider: ${names()}.`);
  notes.push(sentence);
  return provider;
}

export async function verify(args: string[], explains: boolean): Promise<number> {
  const { values, positionals } = read(args, OPTIONS);
  if (values.help) {
    process.stdout.write(`${explains ? EXPLAIN_HELP : VERIFY_HELP}\n`);
    return EXIT.done;
  }
  if (positionals.length > 1) throw new UsageError("One file at a time.");
  const given = providerOf(values);
  const framework = frameworkOf(values.framework);
  const now = timeOf(values.now);
  const { headers, body, notes } = requestOf(positionals[0], values);
  const provider = providerFor(given, headers, notes);
  const options = {
    ...dialectOf(values.dialect, provider),
    ...(values["any-age"] ? { tolerance: { past: Infinity, future: Infinity } } : {}),
  };
  const secrets = await secretsOf(values);

  let event: Event | undefined;
  let status = 200;
  try {
    event = new Webhook(provider, secrets, options).verify({ headers, body }, { now });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    if (!(error instanceof WebhookError)) throw error;
    status = error.status;
  }
  const why =
    event && !explains
      ? undefined
      : diagnose(provider, secrets, { headers, body }, { ...options, now, framework, effort: EFFORT, preview: true });
  if (values.json)
    print({
      verified: event !== undefined,
      status,
      notes,
      ...(event ? { event: factsOf(event) } : {}),
      ...(why ? { diagnosis: why } : {}),
    });
  else {
    const paint = new Paint(process.stdout);
    for (const note of notes) paint.entry("Note", note, { colour: "dim" });
    if (notes.length > 0) paint.line();
    if (event && !explains) printEvent(paint, event, body.length);
    else if (why) printDiagnosis(paint, why, explains);
    hint(paint, why, explains);
  }
  return event ? EXIT.done : EXIT.refused;
}

/** A person waits for the answer, and has the body. */
const EFFORT = 20;

/** The next step, where there is one. */
function hint(paint: Paint, why: Diagnosis | undefined, explains: boolean): void {
  if (!why || why.code === "valid") return;
  const old = why.code === "timestamp_too_old";
  if (!old && explains) return;
  paint.line();
  paint.line(
    paint.in(
      "dim",
      old
        ? "  The signature is right; it is only old. For saved requests: --any-age"
        : "  Step by step: countersign explain, with the same arguments",
    ),
  );
}

/** What is known of an event, as JSON. */
export function factsOf(event: Event): object {
  const { provider, type, id, timestamp, key, authenticated, replayKey, expires } = event;
  return { provider, type, id, timestamp, key, authenticated, replayKey, expires, payload: payloadOf(event) };
}

export function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
