// What verifies, explains and signs, in a worker of its own: it takes up to seconds for large bodies, and the page goes on.
import { Webhook, detectProvider, providers } from "countersign";
import { diagnose } from "countersign/diagnose";
import { saw, wallClock } from "./examine.js";

const tasks = { providers, detect: detectProvider, examine, sign };

self.onmessage = ({ data: { task, given } }) => postMessage(tasks[task](given));

/** So many times the work of a server: a person waits for the answer, and the page goes on meanwhile. */
const EFFORT = 20;

/** The secrets as countersign takes them. */
const keyring = (secrets) =>
  secrets.length === 1 && secrets[0].expires === undefined
    ? secrets[0].secret
    : secrets.map((secret, at) => ({ ...secret, name: `secret ${at + 1}` }));

/** The diagnosis at the chosen clock, and the event if the delivery is authentic. */
function examine({ provider, dialect, secrets, headers, body, clock, time, framework }) {
  const keys = keyring(secrets);
  const options = dialect ? { dialect } : {};
  const run = (body, now) =>
    diagnose(provider, keys, { headers, body }, { ...options, now, framework, effort: EFFORT, preview: true });
  // When it was signed stands in the headers alone: without the body, that is quick to ask.
  const at = Date.parse(saw(run(new Uint8Array(), wallClock()), "timestamp").signed_at);
  const signedAt = Number.isNaN(at) ? undefined : at / 1000;
  const now = clock === "custom" ? time : clock === "signed" ? (signedAt ?? wallClock()) : wallClock();
  const diagnosis = run(body, now);
  const event =
    diagnosis.code === "valid"
      ? plain(new Webhook(provider, keys, options).verify({ headers, body }, { now }))
      : undefined;
  const { past_seconds: past, future_seconds: future } = saw(diagnosis, "freshness");
  return { diagnosis, event, now, signedAt, window: { past, future } };
}

/** An event as data: `json` where the body is JSON, and the code that its typed payload is refused with. */
function plain(event) {
  const { type, id, timestamp, authenticated, key, replayKey } = event;
  const attempt = (read) => {
    try {
      return { value: read() };
    } catch (error) {
      return { code: error.code ?? "payload_invalid" };
    }
  };
  return {
    type,
    id,
    timestamp,
    authenticated,
    key,
    replayKey,
    json: attempt(() => event.json()),
    refused: attempt(() => void event.payload).code,
  };
}

/** The headers that the provider would send, or why there are none. */
function sign({ provider, dialect, secrets, body, id, now }) {
  try {
    return {
      headers: new Webhook(provider, keyring(secrets.slice(0, 1)), dialect ? { dialect } : {}).sign(body, {
        now,
        ...(id ? { id } : {}),
      }),
    };
  } catch (error) {
    return { said: error instanceof Error ? error.message : "It cannot be signed.", code: error?.code };
  }
}
