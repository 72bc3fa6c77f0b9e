// JSON as src/json.rs reads it, so that Rust and JavaScript say the same about the same body: a byte order mark is
// skipped, more than 127 levels and numbers too large for a double are refused.

// Strict: a body that is not UTF-8 is refused. A byte order mark is skipped by default.
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Levels that serde_json reads. */
const DEEPEST = 127;

/** Throws where the body is not JSON. */
export function parseJson(body: Uint8Array | string): unknown {
  const text = typeof body === "string" ? body.replace(/^\uFEFF/, "") : decoder.decode(body);
  const value: unknown = JSON.parse(text);
  // Only a long number or a three-digit exponent can be infinite.
  if (/\d{300}|[eE]\+?\d{3}/.test(text)) {
    JSON.parse(text, (_, part: unknown) => {
      if (part === Infinity || part === -Infinity) throw new RangeError();
      return part;
    });
  }
  if (depth(text) > DEEPEST) throw new RangeError();
  return value;
}

function depth(text: string): number {
  let level = 0;
  let deepest = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (inText) {
      if (unit === 0x5c) i++; // a backslash: the next character is no quote
      else if (unit === 0x22) inText = false;
    } else if (unit === 0x22) inText = true;
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, ++level);
    else if (unit === 0x7d || unit === 0x5d) level--;
  }
  return deepest;
}

/** The text with U+FFFD for each half of a surrogate pair, which UTF-8 cannot write. */
export function wellFormed(text: string | null): string | null {
  return text === null ? null : text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}
