// JSON as crates/core/src/json.rs reads it, so that Rust and JavaScript say the same about the same body: a byte order mark is
// skipped, more than 127 levels and numbers too large for a double are refused.
import { strictDecoder } from "./utf8.js";

/** Levels that serde_json reads. */
const DEEPEST = 127;

/** Throws where the body is not JSON, or not UTF-8. A decoder skips a byte order mark by itself. */
export function parseJson(body: Uint8Array | string): unknown {
  const text = typeof body === "string" ? body.replace(/^\uFEFF/, "") : strictDecoder().decode(body);
  const value: unknown = JSON.parse(text);
  if (!isBounded(value, DEEPEST)) throw new RangeError();
  return value;
}

/** Whether the value has at most that many levels and no number that became infinite. */
function isBounded(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return value !== Infinity && value !== -Infinity;
  if (levels === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isBounded(item, levels - 1)) return false;
  } else {
    // Not `in`, which goes through what is inherited, too.
    for (const item of Object.values(value)) if (!isBounded(item, levels - 1)) return false;
  }
  return true;
}

/** The text with U+FFFD for each half of a surrogate pair, which UTF-8 cannot write. */
export function wellFormed(text: string | null): string | null {
  return text === null
    ? null
    : text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}
