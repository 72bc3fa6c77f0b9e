// What the page knows about a delivery: the diagnosis at the chosen clock, the event if it is authentic, the signed bytes.
import { Webhook } from "countersign";
import { diagnose } from "countersign/diagnose";

const encoder = new TextEncoder();

/** Unix seconds of this machine. */
export const wallClock = () => Math.floor(Date.now() / 1000);

/** The secrets as countersign takes them. */
export const keyring = (secrets) =>
  secrets.length === 1 ? secrets[0] : secrets.map((secret, at) => ({ secret, name: `secret ${at + 1}` }));

export function examine({ provider, dialect, secrets, headers, body, clock, time, framework }) {
  const keys = keyring(secrets);
  const options = dialect ? { dialect } : {};
  const run = (body, now) => diagnose(provider, keys, { headers, body }, { ...options, now, framework });
  // When it was signed stands in the headers alone: without the body, that is quick to ask.
  const at = Date.parse(saw(run(new Uint8Array(), wallClock()), "timestamp").signed_at);
  const signedAt = Number.isNaN(at) ? undefined : at / 1000;
  const now = clock === "custom" ? time : clock === "signed" ? (signedAt ?? wallClock()) : wallClock();
  const diagnosis = run(body, now);
  const event = diagnosis.code === "valid" ? new Webhook(provider, keys, options).verify({ headers, body }, { now }) : undefined;
  return { diagnosis, event, now, signedAt, headers, body };
}

/** What a step saw; nothing where it is not among the steps. */
export const saw = (diagnosis, name) => diagnosis.steps.find((step) => step.name === name)?.saw ?? {};

/** The bytes that the signature is computed over, in parts: timestamp, id, body, and what stands between them. */
export function signedParts({ diagnosis, body }) {
  const { template } = saw(diagnosis, "signed_content");
  if (typeof template !== "string") return [];
  const value = (name) => encoder.encode(valueOf(diagnosis, name));
  return template
    .split(/(\{timestamp\}|\{id\}|\{body\})/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      if (piece === "{body}") return { name: "body", bytes: body };
      if (piece === "{timestamp}" || piece === "{id}") return { name: piece.slice(1, -1), bytes: value(piece.slice(1, -1)) };
      return { name: "between", bytes: encoder.encode(piece) };
    });
}

/** A diagnosis shows no text that also stands in the signature's header, where Stripe's timestamp is. */
function valueOf(diagnosis, name) {
  const { value = "", format, signed_at: signedAt } = saw(diagnosis, name);
  return value.startsWith("(not shown") && format === "seconds" ? String(Date.parse(signedAt) / 1000) : value;
}

/** What the signature says about each header, by its name in lower case. */
export function coverage(diagnosis) {
  const found = new Map();
  for (const name of ["timestamp", "id"]) {
    const { header, signed } = saw(diagnosis, name);
    if (header) found.set(header.toLowerCase(), signed ? "covered" : "open");
  }
  const { header } = saw(diagnosis, "signature_header");
  if (header) found.set(header.toLowerCase(), "signature");
  return found;
}
