// `countersign send`: a signed event to a receiver, and what it answered.
import process from "node:process";
import { BODY_HELP, SIGNING, signed } from "./sign.js";
import { size, visible, Paint } from "./style.js";
import { COMMON, EXIT, read, SECRET_HELP, PROVIDER_HELP, UsageError } from "./usage.js";
import { print } from "./verify.js";

export const SEND_HELP: string = `countersign send URL --provider NAME [options]

Sends a signed event to your receiver and shows its answer.
${PROVIDER_HELP}
${SECRET_HELP}
${BODY_HELP}

Sending
      --timeout SECONDS  wait that long for the answer (default: 10)
      --json             print JSON

Exit codes
  0 the answer was 2xx   1 it was another   2 the command was not understood   3 no answer

Examples
  countersign send http://localhost:3000/hook -p stripe -t invoice.paid
  countersign send http://localhost:3000/hook -p plane --body-file event.json`;

/** How many characters of an answer are shown. */
const SHOWN = 400;

export async function send(args: string[]): Promise<number> {
  const { values, positionals } = read(args, { ...SIGNING, ...COMMON, timeout: { type: "string" } });
  if (values.help) {
    process.stdout.write(`${SEND_HELP}\n`);
    return EXIT.done;
  }
  const url = targetOf(positionals);
  const seconds = values.timeout === undefined ? 10 : Number(values.timeout);
  if (!(seconds > 0 && seconds <= 3600))
    throw new UsageError("--timeout must be a number of seconds above 0 and up to 3600.");
  const { headers, body, type, notes } = await signed(values);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);

  const began = performance.now();
  let answer: Response;
  let text: string;
  try {
    // Providers follow no redirects, so neither does this command.
    answer = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(seconds * 1000),
    });
    text = await answer.text();
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } };
    const why = name === "TimeoutError" ? `no answer within ${seconds} s` : (cause?.code ?? "the connection failed");
    if (values.json) print({ sent: false, error: why });
    else process.stderr.write(`countersign: ${url.host}: ${visible(why)}\n`);
    return EXIT.unreachable;
  }
  const milliseconds = Math.round(performance.now() - began);
  if (values.json)
    print({
      sent: true,
      status: answer.status,
      milliseconds,
      type: type ?? null,
      bytes: body.length,
      answer: text.slice(0, SHOWN),
    });
  else {
    const paint = new Paint(process.stdout);
    const status = `${answer.status} ${visible(answer.statusText)}`.trim();
    paint.line(
      `${paint.in(answer.ok ? "green" : "red", `${answer.ok ? "✓" : "✗"} ${status}`)}  ${paint.in("bold", type ?? "event")}  ${paint.in("dim", `${size(body.length)}, answered in ${milliseconds} ms`)}`,
    );
    const shown = visible(text.slice(0, SHOWN));
    if (shown) paint.entry("Answer", shown + (text.length > SHOWN ? " …" : ""));
    const location = answer.headers.get("location");
    if (location !== null) paint.entry("To", `${visible(location)}: providers follow no redirects`);
  }
  return answer.ok ? EXIT.done : EXIT.refused;
}

function targetOf(positionals: string[]): URL {
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0) throw new UsageError("send takes one URL.");
  try {
    const url = new URL(text);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  } catch {
    // The error is thrown below.
  }
  throw new UsageError("send takes a URL that begins with http:// or https://.");
}
