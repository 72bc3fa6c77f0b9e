// Why does it not verify? Undoes known mistakes one by one and names those whose undoing makes the signature right.
//
// Rules: it never throws; it is never a reason to accept a delivery; what it returns holds no secret and no signature.
import { isBytes, plainView } from "./bytes.js";
import { checkOptions, checkScheme, onlyKeys } from "./check.js";
import { everyHeader, rawBytes, rewritten, STAND_IN } from "./explain/input.js";
import type { CauseCode, Framework, StepName, UntriedCode } from "./generated/diagnosis.js";
import { explained, type Known } from "./explain/ask.js";
import { remarksOf } from "./explain/remarks.js";
import type { Code } from "./generated/codes.js";
import type { Provider } from "./generated/providers.js";
import { secondsOf, unixSeconds, type HeadersInput, type VerifyOptions } from "./input.js";
import { member, own } from "./own.js";
import type { Keyring, Options, Scheme, Secret } from "./scheme.js";
import { reading } from "./reading.js";
import { taken } from "./taken.js";
import { utf8Encoder } from "./utf8.js";
import { vary } from "./vary.js";

export type { CauseCode, Framework, StepName, UntriedCode } from "./generated/diagnosis.js";

/** What else is known. */
export interface DiagnoseOptions extends VerifyOptions, Options {
  /** The framework that received the delivery, for its code in the fix. */
  readonly framework?: Framework | undefined;
  /**
   * How much may be tried. 1 (the default) takes at most 150 ms of one core, and memory of four times the body, or 5 MiB
   * where the body is small; 20 allows twenty times as much. What takes longer is not tried, and `untried` says so.
   */
  readonly effort?: number | undefined;
  /**
   * Whether the diagnosis may hold the beginning and the end of what was signed, which is mostly the body. Default: false,
   * so that a diagnosis holds nothing of the body.
   */
  readonly preview?: boolean | undefined;
}

/** What arrived, or what is left of it. */
export interface ReceivedDelivery {
  readonly headers: HeadersInput | undefined;
  /** The body as it was passed to `verify`. A parsed one is a finding too. */
  readonly body: unknown;
}

/** Facts, as JSON. */
export type Facts = { readonly [name: string]: unknown };

/** One step of verification. */
export interface Step {
  readonly name: StepName;
  /** Whether it went well; null where it was not reached. */
  readonly ok: boolean | null;
  /** What it saw. */
  readonly saw: Facts;
}

/** A mistake. */
export interface Cause {
  /** The stable code. */
  readonly code: CauseCode;
  /** What happened, as one sentence. */
  readonly message: string;
  /** What to do about it, with the framework's own code where one was named. */
  readonly fix: string;
  /**
   * Whether the signature proves it: it is right when this mistake (with the others of the list) is undone; for
   * `clock_skew`, it is right as it is. Else the cause is certain by its form alone, and other mistakes may hide behind it.
   */
  readonly proven: boolean;
  /** What shows it. */
  readonly evidence: Facts;
}

/**
 * `valid`; what `verify` says; or `scheme_invalid`, `arguments_invalid` (this call is wrong: the summary says how), and
 * `failed` (out of memory).
 */
export type Verdict = "valid" | Code | "scheme_invalid" | "arguments_invalid" | "failed";

/** What was not tried, and so is not ruled out. */
export interface Untried {
  /** The stable code. */
  readonly code: UntriedCode;
  /** What was not tried, as one sentence that names the limit or the mistakes. */
  readonly message: string;
}

/** Why a delivery was refused. Safe to log: it holds no secret, no signature and, unless asked, nothing of the body. */
export interface Diagnosis {
  /** The provider; of a scheme of one's own its name, or `custom`. */
  readonly provider: string;
  readonly code: Verdict;
  /** The result in one or two sentences. */
  readonly summary: string;
  /** The steps of verification, in their order. */
  readonly steps: readonly Step[];
  /**
   * The mistakes, in the order to undo them. Empty where the cause is unknown. Where the delivery is valid, what is to be
   * known about its body, if anything is.
   */
  readonly causes: readonly Cause[];
  /** What to look at where no mistake is proven, the most probable first, as sentences. */
  readonly hints: readonly string[];
  /** Mistakes that were looked for and are not it. */
  readonly ruledOut: readonly CauseCode[];
  /** What was not tried. Empty where a cause is proven. */
  readonly untried: readonly Untried[];
  /** Whether every known mistake was undone by itself. In a large body the search ends earlier: `untried` says what is left out. */
  readonly complete: boolean;
}

/**
 * Explains what verifying this delivery says. Never throws.
 * @param provider a provider's name, or a scheme
 * @param secrets as for `new Webhook`; a bad secret is a cause itself
 */
export function diagnose(
  provider: Provider | Scheme,
  secrets: Keyring,
  delivery: ReceivedDelivery,
  options: DiagnoseOptions = {},
): Diagnosis {
  try {
    const given = checked(() => reading("", () => taken(options ?? {})));
    return explain(provider, secrets, delivery, given);
  } catch (error) {
    if (error instanceof Misfit) return nothing(provider, "arguments_invalid", error.message);
    return nothing(
      provider,
      "failed",
      "The delivery could not be explained: it, or what was tried on it, did not fit into memory.",
    );
  }
}

/** An argument that does not fit, in a sentence that quotes none. */
class Misfit extends Error {}

function explain(
  provider: Provider | Scheme,
  secrets: Keyring,
  delivery: ReceivedDelivery,
  { now, framework, dialect, tolerance, headers, encoding, key, effort, preview, ...rest }: DiagnoseOptions,
): Diagnosis {
  const isName = typeof provider === "string";
  const known = checked((): Known => {
    if (!isName && (typeof provider !== "object" || provider === null)) {
      throw new TypeError("The first argument is neither a provider nor a scheme.");
    }
    if (typeof delivery !== "object" || delivery === null) throw new TypeError("Pass { headers, body }.");
    onlyKeys("options", rest, [
      "now",
      "framework",
      "tolerance",
      "dialect",
      "headers",
      "encoding",
      "key",
      "scope",
      "effort",
      "preview",
    ]);
    checkOptions(own({ tolerance, dialect, headers, encoding, key }));
    const scheme = isName ? undefined : reading("", () => taken(provider));
    if (scheme) checkScheme(scheme);
    const varied: Options = {
      dialect,
      tolerance: { past: side(tolerance?.past), future: side(tolerance?.future) },
      headers,
      encoding,
      key,
    };
    return {
      provider: scheme ? vary(taken(plain(scheme)), varied) : (provider as Provider),
      // Where nothing is asked for, all the ways that a provider signs count.
      varied: [dialect, tolerance, headers, encoding, key].some((option) => option !== undefined) ? varied : undefined,
      secrets: reading("", () =>
        Array.from(Array.isArray(secrets) ? (secrets as readonly unknown[]) : [secrets], given),
      ),
      headers: reading("", () => everyHeader(member(delivery, "headers"))),
      now: unixSeconds(now),
      framework: typeof framework === "string" ? framework : "",
      effort: tries(effort),
      preview: preview === true,
    };
  });
  const why = (body: Uint8Array): Diagnosis => explained(known, body, checked) as Diagnosis;
  const received = checked(() => reading("", () => member(delivery, "body")));
  const raw = rawBytes(received);
  if (raw) {
    const said = why(raw);
    if (said.code !== "valid") return said;
    const { causes, summary } = remarksOf(said.provider, raw);
    return { ...said, summary: said.summary + summary, causes };
  }

  // A body that was parsed. Written again it may show which other mistakes there are.
  const again = why(utf8Encoder().encode(rewritten(received)));
  const parsed = again.causes.some(({ code }) => code.startsWith("body_"))
    ? again
    : withCause(again, why(utf8Encoder().encode(STAND_IN)));
  return /^(secret|scheme)_/.test(parsed.code) ? parsed : { ...parsed, code: "body_not_raw" };
}

/** What is said about the body, between the causes that come before and after the body's. */
function withCause(other: Diagnosis, ofBody: Diagnosis): Diagnosis {
  const causes = ofBody.causes.filter(({ code }) => code.startsWith("body_"));
  const later = other.causes.findIndex(({ code }) => /^(signed_content|signature_algorithm|clock_skew)$/.test(code));
  const at = later < 0 ? other.causes.length : later;
  const first = causes[0] ? `${causes[0].message} ` : "";
  return {
    ...ofBody,
    summary: other.code === "valid" || other.causes.length > 0 ? first.trimEnd() : `${first}${other.summary}`.trimEnd(),
    causes: [...other.causes.slice(0, at), ...causes, ...other.causes.slice(at)],
    hints: other.hints,
    ruledOut: other.ruledOut.filter((code) => causes.every((cause) => cause.code !== code)),
    untried: other.untried,
    complete: other.complete,
  };
}

/** Says our own sentences about arguments; all other errors are somebody else's. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Misfit(error instanceof TypeError ? error.message : "An argument could not be read.");
  }
}

/** As JSON has it: without what is undefined, and with null for Infinity. */
function plain(scheme: Scheme): Scheme {
  return JSON.parse(JSON.stringify(scheme)) as Scheme;
}

/** Infinity switches a side off, as null does. */
function side(seconds: number | null | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (seconds === null) return Infinity;
  if (!(typeof seconds === "number" && seconds >= 0))
    throw new TypeError("tolerance is in seconds, or Infinity to switch it off.");
  return seconds;
}

/** The effort as a whole number that fits. */
function tries(effort: number | undefined): number {
  if (effort === undefined) return 1;
  if (!(typeof effort === "number" && effort >= 1)) throw new TypeError("effort is a number from 1 on.");
  return Math.min(Math.trunc(effort), MOST_EFFORT);
}

/** More than that is no limit. */
const MOST_EFFORT = 1_000_000;

function given(one: unknown): Known["secrets"][number] {
  const { secret, name, expires } = own((isSecret(one) ? one : { secret: one }) as Secret);
  const end = secondsOf(expires ?? Infinity);
  return {
    secret: isBytes(secret) ? plainView(secret) : typeof secret === "string" ? secret : "",
    name: typeof name === "string" ? name : "",
    expires: Number.isNaN(end) ? Infinity : end,
  };
}

function isSecret(one: unknown): one is Secret {
  return typeof one === "object" && one !== null && !isBytes(one);
}

function nothing(provider: unknown, code: Verdict, summary: string): Diagnosis {
  // Not named where it is no name: it may be the secret.
  const name =
    typeof provider === "string" && code === "failed" ? provider : typeof provider === "object" ? "custom" : "";
  return {
    provider: name,
    code,
    summary,
    steps: [],
    causes: [],
    hints: [],
    ruledOut: [],
    untried: [],
    complete: false,
  };
}
