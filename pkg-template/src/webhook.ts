// The API: a Webhook is made once, at start-up, and verifies and signs synchronously.
import type { Response } from "./fetch.js";
import * as boundary from "./boundary.js";
import { responseOf } from "./answer.js";
import { brand } from "./brand.js";
import { onlyKeys } from "./check.js";
import { WebhookError, type ErrorFacts } from "./errors.js";
import { VerifiedEvent, type Event } from "./event.js";
import { codes, type Code } from "./generated/codes.js";
import { LARGEST_BODY, presets } from "./generated/presets.js";
import type { Provider } from "./generated/providers.js";
import {
  BAD_SCHEME,
  BAD_SIGNING,
  clues,
  hints,
  LONGEST_HEADER,
  STALE,
  schemeErrors,
  signErrors,
  UNSIGNED,
} from "./generated/wire.js";
import { checkHandling, handle, type HandleOptions } from "./handle.js";
import { parseJson } from "./json.js";
import { unsigned } from "./lead.js";
import { member, own, ownOne } from "./own.js";
import {
  pickHeaders,
  rawBody,
  roomOf,
  unixSeconds,
  type BodyInput,
  type Delivery,
  type HeadersInput,
  type TimeInput,
  type VerifyOptions,
} from "./input.js";
import { plan, type Plan } from "./plan.js";
import { platform } from "./platform.js";
import { reading } from "./reading.js";
import { readRequest, type FetchRequest, type ReceiveOptions } from "./receive.js";
import type { Keyring, Options, Scheme } from "./scheme.js";

/** What goes into the headers beside the body's signature. */
export interface SignOptions {
  /** The delivery's id, the same for every attempt. Where the scheme signs an id and none is given, one is made up. */
  readonly id?: string | undefined;
  /** The time to sign for; default: now. */
  readonly now?: TimeInput | undefined;
  /** The event type, for providers that repeat it in a header. Not needed where the body holds it. */
  readonly type?: string | undefined;
}

/** As in crates/core/src/verify.rs. */
const NOT_THERE = /^(undefined|null|None|NaN|nil)$/;

/** A delivery that is done with. */
interface Handled {
  readonly event: VerifiedEvent;
  /** What the handler answers, if it does. */
  readonly answer: Response | undefined;
}

const CODES = Object.keys(codes) as Code[];

/** One character more than the module takes of a header's value: so it refuses what was cut off, and is not filled. */
const ENOUGH = LONGEST_HEADER + 1;

let stamps = 0;

/** A provider with your secrets: verifies its deliveries, and signs as it does. */
export interface Webhook<P extends string = string> {
  /** The provider; of a scheme of one's own its name, or `custom`. */
  readonly provider: P;
  /** The largest body that the provider sends, in bytes; 5 MiB where that is not known. More is not read. */
  readonly largestBody: number;
  /**
   * Verifies a delivery.
   * @throws WebhookError with the code that says why
   */
  verify(delivery: Delivery, options?: VerifyOptions): Event<P>;
  /**
   * Verifies a delivery, then runs the handler: once, where there is a replay store. The answer is yours.
   * @throws WebhookError as `verify`, and `duplicate`, `in_progress`; and what the handler or the store throws
   */
  handle(delivery: Delivery, options: VerifyOptions & HandleOptions<P>): Promise<Event<P>>;
  /**
   * Reads the raw body of a Fetch `Request`, verifies it, and runs the handler if there is one.
   * @throws WebhookError as `handle`, and `method_not_allowed`, `body_too_large`, `body_not_raw`
   */
  receive(request: FetchRequest, options?: ReceiveOptions & (HandleOptions<P> | NoHandling)): Promise<Event<P>>;
  /**
   * As `receive`, but gives the answer: the handler's, 200 without a body where it has none, else the status of the
   * refusal. What went wrong on your side is thrown, for the platform to report and to answer with 500, so that the
   * provider tries again: `body_not_raw`, `secret_expired`, and what the handler or the store throws.
   */
  respond(request: FetchRequest, options: RespondOptions<P>): Promise<Response>;
  /** The headers that the provider would write for this body, signed with the first secret that has not expired. */
  sign(body: BodyInput, options?: SignOptions): Record<string, string>;
}

/** How `respond` reads, handles and reports. */
export interface RespondOptions<P extends string = string> extends ReceiveOptions, HandleOptions<P> {
  /**
   * Called for each delivery that runs no handler, with the reason, for logs and counts: also for a `duplicate` (status
   * 200) and one that is `in_progress` (409). The caller is not told the reason.
   */
  readonly onRefused?: ((error: WebhookError) => unknown) | undefined;
}

/** Without a handler, there is nothing to run once. */
interface NoHandling {
  readonly handler?: undefined;
  readonly replay?: undefined;
  readonly lease?: undefined;
  readonly onForgotten?: undefined;
}

interface WebhookConstructor {
  /**
   * @param provider a provider's name
   * @param secrets the secret as the provider shows it, or several
   * @throws WebhookError `secret_empty`, `secret_not_decodable` or `secret_wrong_kind`
   */
  new <P extends Provider>(provider: P, secrets: Keyring, options?: Options): Webhook<P>;
  /**
   * @param scheme a provider described as data
   * @param secrets the secret, or several
   * @throws WebhookError `secret_empty`, `secret_not_decodable` or `secret_wrong_kind`
   */
  new <N extends string = "custom">(scheme: Scheme<N>, secrets: Keyring, options?: Options): Webhook<N>;
  /**
   * Either of the two. TypeScript also names this form's providers where a name is misspelt.
   * @throws WebhookError as above
   */
  new (provider: { readonly [P in Provider]: P }[Provider] | Scheme, secrets: Keyring, options?: Options): Webhook;
  readonly prototype: Webhook;
}

// Named by its key: minifying would change a class's own name, which people see who print a webhook or forget `new`.
const named = {
  /** Webhooks of all providers run the same code; only the types above tell them apart. */
  Webhook: class {
    readonly provider: string;
    readonly #plan: Plan;
    /** How replay keys begin. */
    readonly #replayName: string;
    /** Where the module keeps this webhook prepared. Another webhook may have taken that place since. */
    #slot = 0;
    #stamp = 0;
    #private = false;

    constructor(provider: Provider | Scheme, secrets: Keyring, options: Options = {}) {
      if (typeof (options ?? {}) !== "object")
        throw new TypeError("The third argument must be an object of options; several secrets are passed as a list.");
      this.#plan = plan(provider, secrets, options ?? {});
      this.provider = this.#plan.provider;
      this.#prepare();
      this.#replayName = boundary.answerText();
    }

    get largestBody(): number {
      return presetAt(this.#plan.preset)?.largestBody ?? LARGEST_BODY;
    }

    verify(delivery: Delivery, options?: VerifyOptions): VerifiedEvent {
      if (typeof delivery !== "object" || delivery === null)
        throw new TypeError("verify takes one object: { headers, body }.");
      const { provider } = this;
      const { preset, paths, headers, keys } = this.#plan;
      const found: string[] = [];
      let size = 0;
      const given = reading(provider, () => ({
        headers: member(delivery, "headers") as HeadersInput,
        body: member(delivery, "body"),
        now: ownOne(options, "now"),
      }));
      const now = unixSeconds(given.now);
      pickHeaders(given.headers, headers, provider, (name, value) => {
        const text = value.slice(0, ENOUGH);
        found.push(name, text);
        size += 8 + name.length + text.length;
      });
      // Last: from here on nothing runs that could change it.
      const raw = rawBody(given.body, provider, delivery);
      const answer = this.#call(size + roomOf(raw), () => {
        for (const text of found) boundary.writeLatin1(text);
        if (typeof raw === "string") boundary.writeRawText(raw);
        else boundary.writeRaw(raw);
        return boundary.send((wasm, len) => wasm.verify(this.#slot, this.#stamp, size, len, now));
      });

      if (answer !== 0) {
        const header = boundary.answerText() || undefined;
        const signedAt = boundary.answerNumber(0);
        const dated = signedAt >= 0 ? { signedAt, timeSigned: boundary.answerNumber(1) === 1, now } : {};
        const clue = boundary.answerNumber(2);
        const hint =
          clue === UNSIGNED
            ? unsigned(given.headers, raw, presetAt(preset))
            : (clue >= 0 ? clues[clue] : undefined)?.replace("{}", wordIn(found, header));
        this.#refuse(answer, { header, hint, ...dated });
      }
      const timestamp = boundary.answerNumber(1);
      const bits = boundary.answerNumber(3);
      return new VerifiedEvent({
        provider,
        replayName: this.#replayName,
        preset,
        paths,
        headerId: bits & 1 ? boundary.answerText() : null,
        idSigned: (bits & 2) !== 0,
        timestamp: timestamp < 0 ? null : timestamp,
        timestampSigned: (bits & 4) !== 0,
        expires: boundary.answerNumber(2),
        key: keys[boundary.answerNumber(0)] ?? "",
        // A copy that nobody else can reach: what the event says must not change with somebody's buffer.
        body: typeof raw === "string" ? raw : new Uint8Array(raw),
        raw: typeof raw === "string" ? undefined : raw,
        json: undefined,
        names: undefined,
        payload: undefined,
      });
    }

    async handle(delivery: Delivery, options: VerifyOptions & HandleOptions): Promise<VerifiedEvent> {
      const given = reading(this.provider, () => own(options));
      checkOptions(given, HANDLING);
      if (!given.handler) throw new TypeError("handle needs a handler.");
      return (await this.#handle(delivery, given)).event;
    }

    async receive(request: FetchRequest, options?: ReceiveOptions & Partial<HandleOptions>): Promise<VerifiedEvent> {
      const given = reading(this.provider, () => own(options));
      checkOptions(given, RECEIVING);
      return (await this.#receive(request, given)).event;
    }

    async respond(request: FetchRequest, options: RespondOptions): Promise<Response> {
      const all = reading(this.provider, () => own(options));
      checkOptions(all, [...RECEIVING, "onRefused"]);
      const { onRefused, ...rest } = all;
      const given = own(rest);
      if (!given.handler) throw new TypeError("respond needs a handler.");
      try {
        const { answer } = await this.#receive(request, given);
        return answer ?? responseOf({ status: 200 });
      } catch (error) {
        if (!(error instanceof WebhookError)) throw error;
        await onRefused?.(error);
        // A mistake on the receiver's side is thrown, so that the platform reports it.
        if (error.status >= 500) throw error;
        return error.toResponse();
      }
    }

    async #receive(request: FetchRequest, given: ReceiveOptions & Partial<HandleOptions>): Promise<Handled> {
      return this.#handle(await readRequest(request, given.maxBytes, this), given);
    }

    async #handle(delivery: Delivery, given: VerifyOptions & Partial<HandleOptions>): Promise<Handled> {
      const now = unixSeconds(given.now);
      const event = this.verify(delivery, { now });
      const answer = given.handler && (await handle(event as Event, now, given as HandleOptions));
      return { event, answer };
    }

    sign(body: BodyInput, options?: SignOptions): Record<string, string> {
      const given = reading(this.provider, () => own(options));
      const now = unixSeconds(given.now);
      const { setup, signsId, preset } = this.#plan;
      if (given.id !== undefined && typeof given.id !== "string") throw new TypeError("id must be a string.");
      const id = given.id ?? (signsId ? `msg_${randomHex(16)}` : "");
      const raw = rawBody(body, this.provider);
      const keys = this.#private ? setup : undefined;
      const answer = this.#call((keys?.length ?? 0) + 4 + 3 * id.length + roomOf(raw), () => {
        if (keys) boundary.writeRaw(keys);
        boundary.writeText(id);
        if (typeof raw === "string") boundary.writeRawText(raw);
        else boundary.writeRaw(raw);
        return boundary.send((wasm, len) => wasm.sign(this.#slot, this.#stamp, keys?.length ?? 0, len, now));
      });
      if (answer !== 0) this.#refuse(answer, {});
      const texts = boundary.answerTexts();
      const headers: Record<string, string> = {};
      for (let i = 0; i + 1 < texts.length; i += 2) headers[texts[i]!] = texts[i + 1]!;
      return preset < 0 ? headers : { ...headers, ...alsoSent(preset, raw, given) };
    }

    #prepare(): void {
      const { setup, preset } = this.#plan;
      boundary.begin(setup.length);
      boundary.writeRaw(setup);
      // Counted here, so that a module that was started anew cannot take one webhook for another.
      this.#stamp = ++stamps;
      const answer = boundary.send((wasm, len) => wasm.prepare(len, this.#stamp));
      if (answer !== 0) {
        const why = boundary.answerNumber(0);
        // A number below zero means one of the provider's own wrong kinds: -1 is the first.
        const hint = why < 0 ? presetAt(preset)?.wrongKinds[-1 - why]?.[1] : hints[why];
        this.#refuse(answer, { hint });
      }
      this.#slot = boundary.answerNumber(0);
      this.#private = boundary.answerNumber(1) === 1;
    }

    /** Runs a call; once more if the module no longer keeps this webhook, and it had to be prepared again. */
    #call(room: number, call: () => number): number {
      boundary.begin(room);
      const answer = call();
      if (answer !== STALE) return answer;
      this.#prepare();
      boundary.begin(room);
      return call();
    }

    #refuse(answer: number, facts: ErrorFacts): never {
      if (answer === BAD_SCHEME) throw new TypeError(schemeErrors[boundary.answerNumber(0)]);
      if (answer === BAD_SIGNING) throw new TypeError(signErrors[boundary.answerNumber(0)]);
      const code = CODES[answer - 1];
      if (code === undefined) throw new Error(`countersign: the module answered ${answer}. Please report this.`);
      throw new WebhookError(code, { ...facts, provider: this.provider });
    }
  },
};

export const Webhook: WebhookConstructor = named.Webhook as unknown as WebhookConstructor;
brand(Webhook, "Webhook");

/** What a header holds that a program writes for a value that is not there. */
function wordIn(found: readonly string[], header = ""): string {
  const value = found[found.indexOf(header.toLowerCase()) + 1] ?? "";
  return value.split(/[,;= ]/).find((item) => NOT_THERE.test(item)) ?? "";
}

/** The preset at that position; a scheme of one's own has none, at -1. */
function presetAt(position: number): (typeof presets)[number] | undefined {
  return position >= 0 ? presets[position] : undefined;
}

const HANDLING = ["now", "handler", "replay", "lease", "onForgotten"];
const RECEIVING = [...HANDLING, "maxBytes"];

/** The options of `handle`, `receive` and `respond`. */
function checkOptions(options: Partial<HandleOptions>, names: readonly string[]): void {
  onlyKeys("options", options, names);
  checkHandling(own(options));
}

/** The headers that the provider writes beside those of signature, timestamp and id. */
function alsoSent(preset: number, raw: Uint8Array | string, options: SignOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, kind, text] of presetAt(preset)?.sends ?? []) {
    let value: unknown;
    if (kind === "fixed") value = text;
    else if (kind === "id") value = options.id;
    else if (kind === "deliveryId") value = options.id ?? uuid();
    else if (kind === "type") value = options.type;
    else value = textIn(raw, text) ?? options.type;
    // As in crates/core/src/sign.rs: a header value of ours is printable ASCII.
    if (typeof value === "string" && /^[ -~]*$/.test(value)) headers[name] = value;
  }
  return headers;
}

/** The text in a field of the body, if there is one. */
function textIn(raw: Uint8Array | string, field: string): string | undefined {
  try {
    const value = (parseJson(raw) as Record<string, unknown> | null)?.[field];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function randomHex(bytes: number): string {
  let text = "";
  for (const byte of platform("crypto").getRandomValues(new Uint8Array(bytes)))
    text += byte.toString(16).padStart(2, "0");
  return text;
}

/** A random UUID; `crypto.randomUUID` is missing in pages without TLS. */
function uuid(): string {
  const hex = randomHex(16);
  const variant = "89ab"[parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A provider that countersign knows. */
export interface ProviderInfo {
  /** The name to pass to `new Webhook`. */
  readonly name: Provider;
  /** The name people use. */
  readonly title: string;
  /** The provider's own page about its signatures. */
  readonly docs: string;
  /** The names of its dialects. */
  readonly dialects: readonly string[];
  /** The largest body that it sends, in bytes; 5 MiB where that is not known. */
  readonly largestBody: number;
}

/** Every provider. */
export function providers(): ProviderInfo[] {
  return presets.map(({ name, title, docs, dialects, largestBody }) => ({
    name,
    title,
    docs,
    dialects: dialects.map((dialect) => dialect.name),
    largestBody,
  }));
}
