// The shared vectors of broken deliveries as a function of the library, for every runtime: no imports, nothing of Node.
//
// What is compared is what the native runner (tests/diagnose.rs) compares, and that nothing secret is shown.
import { bodyOf } from "./vectors.mjs";

/** Runs the cases of a file; `failures` are sentences. */
export function runDiagnoseVectors({ diagnose }, file) {
  const failures = [];
  for (const vector of file.cases) {
    const difference = differenceOf(diagnose, file.provider, vector);
    if (difference) failures.push(`${vector.id} (${vector.comment}): ${difference}`);
  }
  return { cases: file.cases.length, failures };
}

function differenceOf(diagnose, provider, vector) {
  const secrets = vector.secrets ?? vector.secret;
  const delivery = { headers: vector.headers, body: bodyOf(vector) };
  const options = { now: vector.now, framework: vector.framework, dialect: vector.options?.dialect };
  const got = diagnose(vector.scheme ?? provider, secrets, delivery, options);

  const named = got.causes.map(({ code }) => code).join();
  if (named !== vector.causes.join())
    return `expected [${vector.causes}], got [${named}] (${got.code}, ${got.summary})`;
  if (vector.code !== undefined && got.code !== vector.code) return `code: expected ${vector.code}, got ${got.code}`;
  const proven = vector.proven ?? true;
  if (got.causes.some((cause) => cause.proven !== proven)) return `proven: expected ${proven}`;
  for (const [name, value] of Object.entries(vector.evidence ?? {})) {
    const shown = got.causes.map((cause) => JSON.stringify(cause.evidence[name]));
    if (!shown.includes(JSON.stringify(value)))
      return `evidence ${name}: expected ${JSON.stringify(value)}, got ${shown}`;
  }
  if (got.code !== "valid" && got.ruledOut.some((code) => vector.causes.includes(code)))
    return "names a cause and rules it out";
  if (vector.framework !== undefined) {
    const plain = diagnose(vector.scheme ?? provider, secrets, delivery, { ...options, framework: undefined });
    if (got.causes.some((cause, at) => cause.fix.length <= plain.causes[at].fix.length))
      return "the fix does not speak of the framework";
  }
  const text = JSON.stringify(got);
  const shown = forbidden(vector).find((one) => text.includes(JSON.stringify(one).slice(1, -1)));
  return shown === undefined ? undefined : `shows ${shown}`;
}

/** Secrets and valid signatures, in the forms in which they could be shown. */
function forbidden(vector) {
  const texts = [];
  const given = vector.secrets?.map(({ secret }) => secret) ?? [vector.secret];
  for (const secret of [...given, vector.rightSecret ?? ""]) {
    const text = secret.trim();
    if (text.length >= 8 && text !== "undefined") texts.push(text);
  }
  for (const mac of vector.valid ?? []) {
    const bytes = Uint8Array.from(mac.match(/../g), (pair) => parseInt(pair, 16));
    const base64 = btoa(String.fromCharCode(...bytes));
    texts.push(
      mac,
      mac.toUpperCase(),
      base64,
      base64.replace(/=+$/, ""),
      base64.replaceAll("+", "-").replaceAll("/", "_"),
    );
  }
  return texts;
}
