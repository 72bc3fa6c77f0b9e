// What the page reads out of a diagnosis: what steps saw, the signed bytes, what the signature covers.
const encoder = new TextEncoder();

/** Unix seconds of this machine. */
export const wallClock = () => Math.floor(Date.now() / 1000);

/** What a step saw; nothing where it is not among the steps. */
export const saw = (diagnosis, name) => diagnosis.steps.find((step) => step.name === name)?.saw ?? {};

/** The bytes that the signature is computed over, in parts: timestamp, id, body, and what stands between them. */
export function signedParts({ diagnosis, body }) {
  const { template } = saw(diagnosis, "signed_content");
  if (typeof template !== "string") return [];
  const value = (name) => encoder.encode(shownValue(diagnosis, name));
  return template
    .split(/(\{timestamp\}|\{id\}|\{body\})/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      if (piece === "{body}") return { name: "body", bytes: body };
      if (piece === "{timestamp}" || piece === "{id}")
        return { name: piece.slice(1, -1), bytes: value(piece.slice(1, -1)) };
      return { name: "between", bytes: encoder.encode(piece) };
    });
}

/** A diagnosis shows no text that also stands in the signature's header, where Stripe's timestamp is. */
function shownValue(diagnosis, name) {
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
