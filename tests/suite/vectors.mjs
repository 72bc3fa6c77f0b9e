// The shared vectors as a function of the library, for every runtime: no imports, nothing of Node.
//
// Rules: every case runs in every shape in which a caller may hold the same input, and each shape must give the same
// answer. A shape is left out only where it cannot hold the input, always with a reason, and the result counts those.

/** The contract of the codes that vectors can have, as in src/error.rs. */
const STATUS = {
  header_missing: 400,
  header_malformed: 400,
  header_conflict: 400,
  signature_mismatch: 401,
  timestamp_too_old: 401,
  timestamp_too_new: 401,
  payload_invalid: 422,
  secret_empty: 500,
  secret_not_decodable: 500,
  secret_wrong_kind: 500,
  secret_expired: 500,
  secret_conflict: 500,
};

/**
 * Runs all cases of all files (parsed JSON) with a library.
 * @returns `cases` run, how many of them `passed`, how many `runs` that took, `failures` as sentences, and `skips`:
 * how many runs each reason left out.
 */
export function runVectors(lib, files) {
  const result = { cases: 0, passed: 0, runs: 0, failures: [], skips: {} };
  for (const file of files) {
    const before = result.cases;
    const ids = new Set();
    for (const vector of file.cases) {
      result.cases++;
      ids.add(vector.id);
      const failed = runCase(lib, file.provider, vector, result);
      if (failed === undefined) result.passed++;
      else result.failures.push(`${file.provider}/${vector.id} (${vector.comment}): ${failed}`);
    }
    const ran = result.cases - before;
    if (!(ran >= file.numberOfTests && ids.size === ran)) {
      result.failures.push(`${file.provider}: ran ${ids.size} cases; numberOfTests is ${file.numberOfTests}`);
    }
  }
  return result;
}

/** One line about a result. */
export function summary({ cases, passed, runs, skips }) {
  const skipped = Object.entries(skips).map(([reason, count]) => `${count} ${reason}`);
  return `${passed} of ${cases} cases in ${runs} runs; left out: ${skipped.join("; ") || "none"}`;
}

/** What a case describes, made with a library; throws what the library throws. */
export function webhookOf(lib, provider, vector) {
  return new lib.Webhook(vector.scheme ? schemeOf(vector) : provider, secretsOf(vector), optionsOf(vector));
}

/** The body of a case. */
export function bodyOf(vector) {
  if (vector.bodyHex !== undefined) {
    return Uint8Array.from(vector.bodyHex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }
  const { body, bodyRepeat } = vector;
  return new TextEncoder().encode(body ?? bodyRepeat.text.repeat(bodyRepeat.count));
}

/** The first difference in any shape, or undefined. */
function runCase(lib, provider, vector, result) {
  const body = bodyOf(vector);
  const refused = (error) => differenceOfError(lib, vector, provider, error);
  for (const [what, secrets] of secretShapes(vector)) {
    let webhook;
    try {
      webhook = new lib.Webhook(vector.scheme ? schemeOf(vector) : provider, secrets, optionsOf(vector));
    } catch (error) {
      result.runs++;
      const difference = refused(error);
      if (difference) return `${what}: ${difference}`;
      continue;
    }
    // That a secret has expired shows when a delivery comes.
    if (vector.result.startsWith("secret_") && vector.result !== "secret_expired")
      return `${what}: expected ${vector.result}, but the secret was taken`;
    for (const { name, delivery, now, skip } of deliveryShapes(provider, vector, body, what)) {
      if (skip) {
        result.skips[skip] = (result.skips[skip] ?? 0) + 1;
        continue;
      }
      result.runs++;
      let event;
      try {
        event = webhook.verify(delivery(), { now });
      } catch (error) {
        const difference = refused(error);
        if (difference) return `${name}: ${difference}`;
        continue;
      }
      if (vector.result !== "valid") return `${name}: expected ${vector.result}, got valid`;
      if (!isDetected(lib, provider, vector)) return "not detected";
      const difference = differenceOfEvent(lib, provider, vector, body, event);
      if (difference) return `${name}: ${difference}`;
    }
  }
  return undefined;
}

/** Whether the headers of a valid delivery tell its provider, as in tests/support/mod.rs. Resend's are Svix' own. */
function isDetected(lib, provider, vector) {
  const signatures = vector.headers.filter(([name]) => name.toLowerCase().endsWith("-signature")).length;
  if (vector.scheme || vector.options || signatures > 1) return true;
  return lib.detectProvider(vector.headers) === (provider === "resend" ? "svix" : provider);
}

function differenceOfError(lib, vector, provider, error) {
  if (!(error instanceof lib.WebhookError)) return `expected ${vector.result}, got ${error?.stack ?? error}`;
  if (error.code !== vector.result) return `expected ${vector.result}, got ${error.code} (${error.message})`;
  if (error.status !== STATUS[error.code]) return `status ${error.status} of ${error.code}`;
  const name = vector.scheme?.name ?? provider;
  if (error.provider !== name) return `the error's provider is ${error.provider}`;
  const dated = error.code.startsWith("timestamp_");
  if (dated !== Number.isInteger(error.signedAt)) return `signedAt is ${error.signedAt}`;
  if (error.now !== (dated ? vector.now : undefined)) return `the error's now is ${error.now}`;
  const about = /^(header|signature|timestamp)_/.test(error.code);
  if (about !== (typeof error.header === "string")) return `the error's header is ${error.header}`;
  return undefined;
}

function differenceOfEvent(lib, provider, vector, body, event) {
  if (event.provider !== (vector.scheme?.name ?? provider)) return `event.provider is ${event.provider}`;
  for (const [fact, expected] of Object.entries(vector.event)) {
    const [got, wanted] = [JSON.stringify(event[fact]), JSON.stringify(expected)];
    if (got !== wanted) return `event.${fact}: expected ${wanted}, got ${got}`;
  }
  if (!(Number.isInteger(event.expires) && event.expires >= vector.now)) return `event.expires is ${event.expires}`;
  if (!sameBytes(event.raw, body)) return "event.raw is not the body";
  let verdict = "valid";
  let difference;
  try {
    void event.payload;
  } catch (error) {
    if (!(error instanceof lib.WebhookError) || error.code !== "payload_invalid" || error.status !== 422) {
      return `event.payload threw ${error?.stack ?? error}`;
    }
    verdict = "invalid";
    difference = error.message;
  }
  if (vector.payload !== undefined && vector.payload !== verdict) return `payload: expected ${vector.payload}`;
  if (vector.difference !== undefined && !difference?.includes(` Found ${vector.difference}. `)) {
    return `expected ${vector.difference}, got ${difference}`;
  }
  if (vector.json !== undefined && !isSame(event.json(), vector.json)) return `json(): ${JSON.stringify(event.json())}`;
  if (vector.left === undefined) return undefined;
  const left = without(event.json(), vector.left.map(pathOf));
  return isSame(event.payload, left) ? undefined : `payload: expected ${JSON.stringify(left)}`;
}

/** The field that a sentence about a difference names, without what is inside it. */
function pathOf(sentence) {
  return sentence
    .replace(/: .*/, "")
    .replace(/\[.*/, "")
    .replace(/(\.metadata)\..*/, "$1")
    .split(".");
}

/** The same JSON without these fields. */
function without(value, paths) {
  const copy = JSON.parse(JSON.stringify(value));
  for (const path of paths) delete path.slice(0, -1).reduce((object, name) => object[name], copy)[path.at(-1)];
  return copy;
}

/** Whether two values have the same JSON, whatever the order of the fields; one that is null is the same as none. */
function isSame(a, b) {
  const sorted = (_, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, field]) => field !== null)
            .sort(([x], [y]) => (x < y ? -1 : 1)),
        )
      : value;
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}

function sameBytes(a, b) {
  if (!(a instanceof Uint8Array) || a.length !== b.length) return false;
  for (let at = 0; at < b.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

const ALWAYS = "the whole secret list";

/** Bytes from which a body takes longer to hash than all the rest of its case. */
const LARGE = 65536;

/** A lone secret as text and as a list of one; a list with its ends in seconds and as dates. */
function secretShapes(vector) {
  const secrets = secretsOf(vector);
  if (typeof secrets === "string") {
    return [
      [ALWAYS, secrets],
      ["a list of one secret", [secrets]],
      ["one Secret", { secret: secrets }],
    ];
  }
  const shapes = [[ALWAYS, secrets]];
  if (secrets.some(({ expires }) => expires !== undefined)) {
    const dated = secrets.map((secret) => ({ ...secret, expires: secret.expires && new Date(secret.expires * 1000) }));
    shapes.push(["secrets with dates", dated]);
  }
  return shapes;
}

function secretsOf({ secret, secrets }) {
  return secret ?? secrets;
}

/** In vectors null is off. */
function toleranceOf(tolerance) {
  return tolerance && { past: tolerance.past ?? Infinity, future: tolerance.future ?? Infinity };
}

function optionsOf({ options }) {
  return options && { ...options, tolerance: toleranceOf(options.tolerance) };
}

function schemeOf({ scheme }) {
  return { ...scheme, tolerance: toleranceOf(scheme.tolerance) };
}

/** The shapes of headers, body and time; one differs from the plainest at a time. */
function deliveryShapes(provider, vector, body, secretShape) {
  const { headers, now } = vector;
  const shapes = [{ name: `${secretShape}, pairs, bytes`, delivery: () => ({ headers, body }), now }];
  if (secretShape !== ALWAYS) return shapes;
  shapes.push({ name: "a Date", delivery: () => ({ headers, body }), now: new Date(now * 1000 + 999) });
  for (const { name, make, skip: unfit } of headerShapes(provider, vector)) {
    const skip = body.length > LARGE ? "headers do not depend on a large body" : unfit;
    shapes.push({ name, delivery: () => ({ headers: make(), body }), now, skip });
  }
  for (const { name, make, skip } of bodyShapes(body)) {
    shapes.push({ name, delivery: () => ({ headers, body: make() }), now, skip });
  }
  return shapes;
}

function headerShapes(provider, vector) {
  const { headers } = vector;
  const spelled = grouped(headers, (name) => name);
  const lower = grouped(headers, (name) => name.toLowerCase());
  const single = (values) => (values.length === 1 ? values[0] : values);
  const object = (groups, value) => Object.fromEntries([...groups].map(([name, values]) => [name, value(values)]));
  const joined = joinSkip(provider, vector, lower);
  const shapes = [
    { name: "an object", make: () => object(spelled, single) },
    { name: "an object, lower case", make: () => object(lower, single) },
    {
      name: "an object, upper case",
      make: () =>
        object(
          grouped(headers, (name) => name.toUpperCase()),
          single,
        ),
    },
    { name: "an object of arrays (Lambda)", make: () => object(spelled, (values) => values) },
    { name: "an object without prototype", make: () => Object.assign(Object.create(null), object(lower, single)) },
    { name: "joined as Node's req.headers", make: () => object(lower, (values) => values.join(", ")), skip: joined },
    { name: "a Map", make: () => new Map([...spelled].map(([name, values]) => [name, single(values)])) },
    { name: "a Map, lower case", make: () => new Map([...lower].map(([name, values]) => [name, single(values)])) },
    { name: "a generator of pairs", make: () => headers.values() },
    { name: "pairs among other headers", make: () => [["Host", "example.com"], ...headers, ["X-Other", "1"]] },
    { name: "only get and forEach", make: () => likeHeaders(spelled), skip: joined },
  ];
  const { native, skip } = nativeHeaders(headers, lower);
  shapes.push({ name: "Headers", make: () => native, skip: skip ?? joined });
  return shapes;
}

function grouped(headers, spell) {
  const groups = new Map();
  for (const [name, value] of headers) groups.set(spell(name), [...(groups.get(spell(name)) ?? []), value]);
  return groups;
}

/** Joining lines with a comma makes a list of them where the provider's own lists have commas. */
function joinSkip(provider, { scheme, options }, lower) {
  const comma = scheme ? scheme.signature.separator?.includes(",") : ["plandocket", "planasonix"].includes(provider);
  if (!comma) return undefined;
  const defaults = { plandocket: "x-webhook-signature", planasonix: "x-planasonix-signature" };
  const name = (options?.headers?.signature ?? scheme?.signature.header ?? defaults[provider]).toLowerCase();
  const differ = new Set(lower.get(name)).size > 1;
  return differ ? "joined lines of a comma list are one list" : undefined;
}

/** Such as the header collections of other HTTP libraries: neither iterable nor plain. */
function likeHeaders(groups) {
  const names = [...groups.keys()];
  const value = (name) => groups.get(name).join(", ");
  return {
    get: (wanted) => names.filter((name) => name.toLowerCase() === wanted.toLowerCase()).map(value)[0] ?? null,
    forEach: (each) => names.forEach((name) => each(value(name), name)),
  };
}

function nativeHeaders(headers, lower) {
  const native = new Headers();
  try {
    for (const [name, value] of headers) native.append(name, value);
  } catch {
    return { skip: "Headers refuses the value" };
  }
  const changed = [...lower].some(([name, values]) => native.get(name) !== values.join(", "));
  return changed ? { skip: "Headers trims the value" } : { native };
}

function bodyShapes(body) {
  const inside = (offset) => {
    const bytes = new Uint8Array(body.length + offset + 5).fill(0x7b);
    bytes.set(body, offset);
    return bytes;
  };
  const shapes = [
    { name: "bytes inside a larger buffer", make: () => inside(3).subarray(3, 3 + body.length) },
    { name: "an ArrayBuffer", make: () => body.slice().buffer },
    { name: "a DataView", make: () => new DataView(inside(8).buffer, 8, body.length) },
  ];
  if (typeof Buffer === "function") {
    shapes.push({ name: "a Buffer", make: () => Buffer.from(inside(7).buffer, 7, body.length) });
  }
  if (typeof SharedArrayBuffer === "function") {
    const shared = () => {
      const bytes = new Uint8Array(new SharedArrayBuffer(body.length));
      bytes.set(body);
      return bytes.buffer;
    };
    shapes.push({ name: "a SharedArrayBuffer", make: shared });
  }
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    // Not UTF-8.
  }
  const skip = text === undefined ? "a body that is not UTF-8 has no text" : undefined;
  shapes.push({ name: "a string", make: () => text, skip });
  return shapes;
}
