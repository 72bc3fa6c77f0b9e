// Reads a body as its provider documents it, and says every place where it differs.
import { Difference } from "./difference.js";
import { contents } from "./generated/codes.js";
import { presets } from "./generated/presets.js";
import { NotJson, parseBody, parseJson } from "./json.js";
import { differences, names, payloadOf } from "./validate.js";

export interface Documented {
  /** The field that holds the JSON, where the body is a form. */
  readonly form: string | undefined;
  /** Every place where something else stands than the provider documents. */
  readonly differences: readonly Difference[];
}

export function documented(provider: string, body: Uint8Array): Documented {
  const at = presets.findIndex(({ name }) => name === provider);
  const preset = presets[at];
  if (!preset) return { form: undefined, differences: [] };
  let json: unknown;
  try {
    json = parseBody(body, preset.form, () => body);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return { form: undefined, differences: [notJson(error)] };
  }
  const { type } = names(preset, json);
  return { form: isJson(body) ? undefined : preset.form, differences: differences(json, payloadOf(at, type)) };
}

/** What a body is that is no JSON, as a difference. */
export function notJson({ contents: what, field }: NotJson): Difference {
  const [found, expected] = contents[what];
  const body = new Difference("", found, expected);
  return field === undefined ? body : body.inField(field);
}

function isJson(body: Uint8Array): boolean {
  try {
    parseJson(body);
    return true;
  } catch {
    return false;
  }
}
