// Arguments: what every command understands, and what is said when one does not fit.
import { parseArgs, type ParseArgsConfig } from "node:util";
import { frameworks } from "../generated/diagnosis.js";
import { nearest } from "../nearest.js";
import { providers, type Options as WebhookOptions, type Provider, type Scheme } from "countersign";
import type { Framework } from "countersign/diagnose";
import { readFileSync } from "node:fs";

/** The exit codes. Part of the contract. */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** The arguments do not fit the command. */
export class UsageError extends Error {}

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/** The options of all commands. */
export const COMMON = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies OptionsConfig;

/** The options of commands that need to know the provider and the secret. */
export const PROVIDER = {
  provider: { type: "string", short: "p" },
  scheme: { type: "string" },
  dialect: { type: "string" },
  "secret-env": { type: "string", multiple: true },
  "secret-file": { type: "string", multiple: true },
  secret: { type: "string", multiple: true },
} as const satisfies OptionsConfig;

export const PROVIDER_HELP = `
Provider
  -p, --provider NAME    one of "countersign providers"
      --scheme FILE      a provider of your own, as JSON
      --dialect NAME     pin one of the provider's ways to sign`;

export const SECRET_HELP = `
Secret (the first that is given; it is never printed)
      --secret-env NAME  read it from this environment variable
      --secret-file FILE read it from a file; one line break at the end is dropped
      --secret TEXT      as an argument, where other programs can see it
  else COUNTERSIGN_SECRET, else you are asked. Several may be given during a rotation.`;

/** The arguments by the options; a UsageError says what does not fit. */
export function read<T extends OptionsConfig>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    // Its sentences name options, and a positional argument could be anything.
    const { code, message } = error as { code?: string; message: string };
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw new UsageError(`${message.split(". ")[0]}.`);
    throw new UsageError("An option lacks its value, or has one that it does not take.");
  }
}

/** A provider by name, or the scheme in a file. */
export function providerOf(values: {
  provider?: string | undefined;
  scheme?: string | undefined;
}): Provider | Scheme | undefined {
  if (values.scheme !== undefined) {
    if (values.provider !== undefined) throw new UsageError("Give --provider or --scheme, not both.");
    try {
      return JSON.parse(readText(values.scheme)) as Scheme;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${values.scheme} is no JSON.`);
    }
  }
  if (values.provider === undefined || values.provider === "auto") return undefined;
  const found = providers().find(({ name }) => name === values.provider);
  if (!found)
    throw new UsageError(`There is no provider "${values.provider}".${meant(values.provider)} Providers: ${names()}.`);
  return found.name;
}

/** The provider that a misspelt name may mean. */
export function meant(name: string): string {
  const found = nearest(
    name,
    providers().map((provider) => provider.name),
  );
  return found ? ` Did you mean ${found}?` : "";
}

export function names(): string {
  return providers()
    .map(({ name }) => name)
    .join(", ");
}

export function dialectOf(
  dialect: string | undefined,
  provider: Provider | Scheme | undefined,
): Pick<WebhookOptions, "dialect"> {
  if (dialect === undefined) return {};
  const known = providers().find(({ name }) => name === provider);
  if (!known) throw new UsageError("--dialect needs --provider.");
  if (!known.dialects.includes(dialect))
    throw new UsageError(`${known.name} has the dialects ${known.dialects.join(", ")}.`);
  return { dialect };
}

export function frameworkOf(name: string | undefined): Framework | undefined {
  if (name === undefined) return undefined;
  if (!Object.hasOwn(frameworks, name))
    throw new UsageError(`There is no framework "${name}". Frameworks: ${Object.keys(frameworks).join(", ")}.`);
  return name as Framework;
}

/** Unix seconds or a date. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,11}$/.test(text)
    ? Number(text)
    : /^\d{4}-\d\d-\d\d/.test(text)
      ? Date.parse(text) / 1000
      : NaN;
  if (Number.isNaN(seconds)) throw new UsageError("--now takes Unix seconds or a date such as 2026-01-31T12:00:00Z.");
  return Math.floor(seconds);
}

export function readBytes(file: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(file === "-" ? 0 : file));
  } catch (error) {
    const why = (error as { code?: string }).code === "ENOENT" ? "does not exist" : "could not be read";
    throw new UsageError(file === "-" ? "Standard input could not be read." : `${file} ${why}.`);
  }
}

export function readText(file: string): string {
  return new TextDecoder().decode(readBytes(file));
}
