// What a delivery without its signature header shows instead, as crates/core/src/lead.rs says it: the module sees only the
// webhook's own headers. Nothing is verified here; this only chooses the sentence of a refusal.
import { detectProvider } from "./detect.js";
import {
  CLOUD_EVENT,
  clues,
  EVENT_BRIDGE,
  EVENT_GRID,
  NO_HEADERS,
  OTHER_PROVIDER,
  SIGNS_IF_CONFIGURED,
  UNSIGNED,
} from "./generated/wire.js";
import { pickHeaders, type HeadersInput } from "./input.js";
import { parseJson } from "./json.js";
import type { Preset } from "./preset.js";
import { can } from "./tag.js";
import { utf8Decoder } from "./utf8.js";

/** Larger bodies are not read for a sentence. */
const LONGEST = 256 * 1024;

/** Nothing is said of headers that throw when they are looked at once more. */
export function unsigned(
  headers: HeadersInput,
  raw: Uint8Array | string,
  preset: Preset | undefined,
): string | undefined {
  try {
    return sentence(headers, raw, preset);
  } catch {
    return undefined;
  }
}

function sentence(headers: HeadersInput, raw: Uint8Array | string, preset: Preset | undefined): string {
  if (isEmpty(headers)) return clues[NO_HEADERS]!;
  const other = detectProvider(headers);
  if (other !== null) return clues[OTHER_PROVIDER]!.replace("{}", other);
  for (const [header, beginning, sentence] of preset?.instead ?? []) {
    let found = false;
    pickHeaders(headers, [header.toLowerCase()], "", (_, value) => {
      found ||= value.startsWith(beginning);
    });
    if (found) return sentence;
  }
  const envelope = envelopeOf(raw);
  if (envelope !== undefined) return clues[envelope]!;
  if (preset && !preset.signsAlways) return clues[SIGNS_IF_CONFIGURED]!.replaceAll("{}", preset.title);
  return clues[UNSIGNED]!;
}

/** Whether there is certainly no header: what can be read only once has been read. */
function isEmpty(headers: HeadersInput): boolean {
  if (!can(headers, "forEach")) return !(Symbol.iterator in headers) && Object.keys(headers).length === 0;
  let some = false;
  (headers as Headers).forEach(() => {
    some = true;
  });
  return !some;
}

/** The body as what a service wraps events in that it does not sign. */
function envelopeOf(raw: Uint8Array | string): number | undefined {
  if (raw.length > LONGEST) return undefined;
  // Nearly every body is none, and must not cost a forger's refusal a parser.
  const text = typeof raw === "string" ? raw : utf8Decoder().decode(raw);
  if (!/detail-type|specversion|eventType/.test(text)) return undefined;
  let body: unknown;
  try {
    body = parseJson(raw);
  } catch {
    return undefined;
  }
  if (has(body, "detail-type", "source") && Object.hasOwn(body as object, "detail")) return EVENT_BRIDGE;
  if (has(body, "specversion", "type", "source", "id")) return CLOUD_EVENT;
  return Array.isArray(body) && has(body[0], "eventType", "subject", "eventTime", "id") ? EVENT_GRID : undefined;
}

/** Whether these fields of an object hold text. */
function has(value: unknown, ...fields: string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    fields.every(
      (field) => Object.hasOwn(value, field) && typeof (value as Record<string, unknown>)[field] === "string",
    )
  );
}
