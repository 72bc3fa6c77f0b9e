// Whose headers these may be where none is a known signature in the form that its provider writes: weak signs, in words.
import { presets } from "../generated/presets.js";
import type { Provider } from "../generated/providers.js";
import type { Preset } from "../preset.js";

export interface Clue {
  /** The provider that the signs are of, if they are of one alone. */
  readonly provider: Provider | undefined;
  /** What is there and what is missing, in one or two sentences. */
  readonly sentence: string;
}

/** GitHub writes it beside the newer one; services that follow WebSub write it too. */
const OLD_SIGNATURES: { readonly [name: string]: Provider } = { "x-hub-signature": "github" };

export function clueOf(headers: readonly (readonly [name: string, value: string])[]): Clue {
  const known = presets.filter(({ detectable }) => detectable).map((preset) => signsOf(preset, headers));
  const most = Math.max(...known.map(({ signs }) => signs.length));
  const likely = known.filter(({ signs }) => signs.length > 0 && signs.length === most);
  const [first] = likely;
  if (first === undefined) return { provider: undefined, sentence: unknown(headers) };
  const titles = likely.map(({ preset }) => preset.title);
  const there = first.header;
  const sentence =
    there !== undefined
      ? `${there} is there, which ${joined(titles, "and")} ${likely.length > 1 ? "write" : "writes"}, but its value is not in ` +
        `the form of a signature: ${likely.map(({ preset, form }) => `${form} for ${preset.title}`).join(", ")}.`
      : `${joined(first.signs, "and")} ${first.signs.length > 1 ? "are signs" : "is a sign"} of ${joined(titles, "or")}, but ` +
        `${joined(wanted(first.preset), "or")}, which holds the signature, is missing.${instead(headers)}`;
  return { provider: likely.length === 1 ? first.preset.name : undefined, sentence };
}

interface Signs {
  readonly preset: Preset;
  /** The names of the headers that are signs of the provider. */
  readonly signs: readonly string[];
  /** The provider's signature header, where it is there. */
  readonly header: string | undefined;
  /** What a signature looks like in it. */
  readonly form: string;
}

function signsOf(preset: Preset, headers: readonly (readonly [string, string])[]): Signs {
  const named = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[0];
  const word = new RegExp(`(^|[^a-z])${preset.name.replace("-", "[^a-z]?")}([^a-z]|$)`, "i");
  const signs = new Set<string>();
  let header: string | undefined;
  let form = "";
  for (const { scheme } of preset.dialects) {
    const found = named(scheme.signature.header);
    if (found === undefined) continue;
    header ??= found;
    form ||= `${scheme.signature.prefix ?? ""}…`;
    signs.add(found);
  }
  for (const [name, kind] of preset.sends) {
    const found = kind === "fixed" ? undefined : named(name);
    if (found !== undefined) signs.add(found);
  }
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const isAgent = lower === "user-agent" && word.test(value);
    if (isAgent || word.test(name) || OLD_SIGNATURES[lower] === preset.name) signs.add(name);
  }
  return { preset, signs: [...signs], header, form };
}

function wanted({ dialects }: Preset): string[] {
  return [...new Set(dialects.filter(({ auto }) => auto).map(({ scheme }) => scheme.signature.header))];
}

/** What may be a signature instead. */
function instead(headers: readonly (readonly [string, string])[]): string {
  const others = signatures(headers);
  return others.length === 0
    ? " No other header has a name like a signature's."
    : ` ${joined(others, "and")} may be ${others.length > 1 ? "signatures" : "a signature"} of another kind.`;
}

/** What a scheme of one's own may be made of. */
function unknown(headers: readonly (readonly [string, string])[]): string {
  const found = signatures(headers);
  if (found.length === 0)
    return "None of the headers is the signature of a provider that is known here, and none has a name like a signature's.";
  const more = headers.filter(([name]) => /timestamp|(webhook|delivery|event|message|request)-?id$/i.test(name));
  const besides =
    more.length === 0 ? "" : ` Beside it there ${more.length > 1 ? "are" : "is"} ${joined(namesOf(more), "and")}.`;
  return (
    `None of the headers is the signature of a provider that is known here. ${joined(found, "and")} may be ` +
    `${found.length > 1 ? "signatures" : "a signature"}: describe the provider as a scheme of your own.${besides}`
  );
}

function signatures(headers: readonly (readonly [string, string])[]): string[] {
  return namesOf(headers.filter(([name]) => /signature|hmac/i.test(name)));
}

function namesOf(headers: readonly (readonly [string, string])[]): string[] {
  return [...new Set(headers.map(([name]) => name))];
}

function joined(words: readonly string[], last: string): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
