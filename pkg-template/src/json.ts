// JSON as crates/core/src/json.rs reads it, so that Rust and JavaScript say the same about the same body: a byte order mark is
// skipped, more than 127 levels and numbers too large for a double are refused.
import type { contents } from "./generated/codes.js";
import { formField } from "./form.js";
import { strictDecoder } from "./utf8.js";

/** Levels that serde_json reads. */
const DEEPEST = 127;

/** What a body is that is not JSON, or more than is read. */
export class NotJson extends Error {
  readonly contents: keyof typeof contents;
  /** The field of a form that it is about. */
  readonly field: string | undefined;

  constructor(what: keyof typeof contents, field?: string) {
    super();
    this.contents = what;
    this.field = field;
  }
}

/**
 * The JSON of a body, or of the field of a form. Whether it is a form is told by the signed bytes: no signature covers
 * the content type. Throws `NotJson`.
 */
export function parseBody(body: Uint8Array | string, form: string | undefined, raw: () => Uint8Array): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (form === undefined || !(error instanceof NotJson && error.contents === "Form")) throw error;
    const json = formField(raw(), form);
    if (json === undefined) throw error;
    try {
      return parseJson(json);
    } catch (inner) {
      throw inner instanceof NotJson ? new NotJson(inner.contents, form) : inner;
    }
  }
}

/** Throws `NotJson`. A decoder skips a byte order mark by itself. */
export function parseJson(body: Uint8Array | string): unknown {
  const text = typeof body === "string" ? body.replace(/^\uFEFF/, "") : decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not with the parser's error as cause: its message quotes the body.
    throw new NotJson(contentsOf(text));
  }
  const beyond = beyondBounds(value, DEEPEST);
  if (beyond) throw new NotJson(beyond);
  return value;
}

function decode(body: Uint8Array): string {
  const decoder = strictDecoder();
  try {
    return decoder.decode(body);
  } catch {
    const [first, second] = body;
    const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    throw new NotJson(isUtf16 ? "Utf16" : "NotUtf8");
  }
}

/** What a text is that is not JSON, by its beginning. */
function contentsOf(text: string): keyof typeof contents {
  const [first] = /[^ \t\n\r]/.exec(text) ?? [];
  if (first === undefined) return "Empty";
  if ('{["'.includes(first)) return "Malformed";
  if (first === "<") return "Markup";
  return /^[ \t\n\r]*[A-Za-z0-9%+\-._*~[\]]+=/.test(text) ? "Form" : "Text";
}

/** Whether the value has more levels than that, or a number that became infinite. */
function beyondBounds(value: unknown, levels: number): "TooDeep" | "TooLarge" | undefined {
  if (typeof value !== "object" || value === null) {
    return value === Infinity || value === -Infinity ? "TooLarge" : undefined;
  }
  if (levels === 0) return "TooDeep";
  if (Array.isArray(value)) {
    for (const item of value) {
      const beyond = beyondBounds(item, levels - 1);
      if (beyond) return beyond;
    }
  } else {
    // Not `in`, which goes through what is inherited, too.
    for (const item of Object.values(value)) {
      const beyond = beyondBounds(item, levels - 1);
      if (beyond) return beyond;
    }
  }
  return undefined;
}

/** The text with U+FFFD for each half of a surrogate pair, which UTF-8 cannot write. */
export function wellFormed(text: string | null): string | null {
  return text === null
    ? null
    : text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}
