// A diagnosis and an event as people read them: the cause first, then what to do, then what shows it.
import { providers, type Event } from "countersign";
import { documented } from "../documented.js";
import { frameworks } from "../generated/diagnosis.js";
import type { Cause, Diagnosis, Facts, Step } from "countersign/diagnose";
import { length, size, span, visible, type Paint } from "./style.js";

export function titleOf(provider: string): string {
  return providers().find(({ name }) => name === provider)?.title ?? provider;
}

/** Whether the event is of a provider whose payloads are documented, not of a scheme. */
export function isKnown(event: Event): boolean {
  return providers().some(({ name }) => name === event.provider);
}

/** A verified event. */
export function printEvent(paint: Paint, event: Event, bytes: number): void {
  paint.line(`${paint.in("green", "✓ verified")}  ${paint.in("bold", titleOf(event.provider))}`);
  paint.line();
  const unsigned = paint.in("yellow", "  not covered by the signature");
  paint.entry("Event", event.type === null ? "the signed body does not say" : visible(event.type));
  if (event.id !== null) paint.entry("Id", visible(event.id) + (event.authenticated.id ? "" : unsigned));
  if (event.timestamp !== null) {
    const at = new Date(event.timestamp * 1000).toISOString().replace(".000", "");
    paint.entry(
      "Signed",
      `${at}, ${span(Date.now() / 1000 - event.timestamp)}${event.authenticated.timestamp ? "" : unsigned}`,
    );
  }
  paint.entry("Body", `${size(bytes)}, ${payloadOf(event)}`);
  paint.entry("Key", visible(event.key));
  paint.entry("Replay", visible(event.replayKey));
}

/** What `payloadOf` says, or ends with, where there is nothing to report. */
export const AS_DOCUMENTED = "as the provider documents it";

export function payloadOf(event: Event): string {
  if (!isKnown(event)) return "not typed";
  const { form, differences } = documented(event.provider, event.raw);
  const is = form === undefined ? "" : `a form with JSON in the field ${form}, `;
  if (differences.length === 0) return `${is}${AS_DOCUMENTED}`;
  const more = differences.length > 3 ? `; and ${differences.length - 3} more` : "";
  return `${is}other than the provider documents it: ${differences.slice(0, 3).join("; ")}${more}. ${whatFollows(event)}`;
}

/** What reading the typed payload does where the body differs. */
function whatFollows(event: Event): string {
  try {
    void event.payload;
    return "event.payload does without it";
  } catch {
    return "Reading event.payload will say payload_invalid";
  }
}

/** What was found out about a delivery that does not verify. */
export function printDiagnosis(paint: Paint, why: Diagnosis, full: boolean): void {
  printVerdict(paint, why);
  paint.line();
  if (why.causes.length === 0) paint.entry(why.code === "valid" ? "" : "Cause", why.summary);
  why.causes.forEach((cause, at) => printCause(paint, cause, why.causes.length > 1 ? `${at + 1}` : ""));
  if (!full) {
    printHints(paint, why);
    if (why.causes.length === 0 && why.code !== "valid" && why.ruledOut.length > 0) {
      paint.line();
      printRuledOut(paint, why);
    }
    return;
  }
  printHints(paint, why);
  if (why.steps.length > 0) {
    paint.line();
    paint.line(`  ${paint.in("dim", "Steps")}`);
    for (const step of why.steps) printStep(paint, step);
  }
  if (why.ruledOut.length > 0 || why.untried.length > 0) {
    paint.line();
    printRuledOut(paint, why);
  }
}

function printCause(paint: Paint, cause: Cause, number: string): void {
  if (number && number !== "1") paint.line();
  paint.entry(`Cause ${number}`, `${cause.code}${cause.proven ? "" : " (by its form; not proven)"}`, {
    colour: "bold",
  });
  paint.entry("", cause.message);
  printFix(paint, cause, 2);
  const facts = Object.entries(cause.evidence);
  const column = Math.max(0, ...facts.map(([name]) => name.length)) + 2;
  facts.forEach(([name, value], at) => {
    const start = `  ${paint.in("dim", (at === 0 ? "Shows" : "").padEnd(9))}`;
    paint.line(`${start}${paint.in("dim", words(name).padEnd(column))}${fact(value)}`);
  });
}

/** What to do; what is said of a framework begins a line of its own. */
export function printFix(paint: Paint, { fix }: Cause, indent: number): void {
  const title = Object.values(frameworks).find((each) => fix.includes(` ${each}: `));
  const [general = "", ...code] = title === undefined ? [fix] : fix.split(` ${title}: `);
  paint.entry("Fix", general, { indent, colour: "cyan" });
  if (title !== undefined) paint.entry("", `${title}: ${code.join("")}`, { indent, colour: "cyan" });
}

function printRuledOut(paint: Paint, { ruledOut, untried }: Diagnosis): void {
  if (ruledOut.length > 0)
    paint.entry(
      "Not it",
      `${ruledOut.length} known mistakes were looked for and are not the cause: ${ruledOut.join(", ")}.`,
      { colour: "dim" },
    );
  untried.forEach(({ message }, at) => paint.entry(at === 0 ? "Untried" : "", message, { colour: "dim" }));
}

/** The result. A right signature with a wrong time is two facts. */
function printVerdict(paint: Paint, why: Diagnosis): void {
  const title = paint.in("bold", titleOf(why.provider));
  const late = lateness(why);
  if (late !== undefined) {
    paint.line(`${paint.in("green", "✓ signature: right")}  ${title}`);
    paint.line(paint.in("red", `✗ time: refused, ${late}`) + paint.in("dim", `  ${why.code}`));
  } else {
    const mark = why.code === "valid" ? paint.in("green", "✓ verified") : paint.in("red", `✗ ${why.code}`);
    paint.line(`${mark}  ${title}`);
  }
}

/** How far the time of an authentic delivery is from the clock, in words; undefined where that is not the refusal. */
function lateness({ code, steps }: Diagnosis): string | undefined {
  const age = steps.find(({ name }) => name === "freshness")?.saw["age_seconds"];
  if (typeof age !== "number" || (code !== "timestamp_too_old" && code !== "timestamp_too_new")) return undefined;
  return `${length(Math.abs(age))} ${age < 0 ? "ahead of" : "behind"} this clock`;
}

/** What to look at where no mistake is proven. */
function printHints(paint: Paint, { hints }: Diagnosis): void {
  if (hints.length > 0) paint.line();
  hints.forEach((hint, at) => paint.entry(at === 0 ? "Look at" : "", `${at + 1}. ${hint}`));
}

const STEP_NAMES: Readonly<Record<Step["name"], string>> = {
  secret: "secret",
  signature_header: "signature header",
  timestamp: "timestamp",
  id: "id",
  signed_content: "signed content",
  signature: "signature",
  freshness: "freshness",
};

function printStep(paint: Paint, { name, ok, saw }: Step): void {
  const isAbout = name === "signed_content";
  const mark = isAbout ? " " : ok === null ? paint.in("dim", "–") : ok ? paint.in("green", "✓") : paint.in("red", "✗");
  const lines = told(name, saw, ok);
  lines.forEach((line, at) => {
    const start = at === 0 ? `  ${mark} ${(STEP_NAMES[name] ?? name).padEnd(18)}` : " ".repeat(22);
    paint.line(start + (ok === null && !isAbout ? paint.in("dim", line) : line));
  });
}

/** A step in words. */
function told(name: Step["name"], saw: Facts, ok: boolean | null): string[] {
  const text = (key: string): string => fact(saw[key]);
  switch (name) {
    case "secret":
      return list(saw["secrets"]).map((secret) =>
        joined([
          fact(secret["name"]),
          secret["characters"] === undefined ? "bytes" : `${fact(secret["characters"])} characters`,
          secret["begins_with"] ? `begins with ${fact(secret["begins_with"])}` : "",
          secret["expired"] === true ? "expired" : "",
          secret["problem"] ? fact(secret["problem"]) : "",
        ]),
      );
    case "signature_header": {
      const found = list(saw["found"]).map(
        (one) => `${fact(one["prefix"])}<${fact(one["characters"])} characters of ${fact(one["encoding"])}>`,
      );
      return [
        text("header"),
        `expected  ${text("expected")}`,
        ...(found.length > 0 ? found.map((one) => `received  ${one}`) : ["received  nothing"]),
      ];
    }
    case "timestamp":
      return [
        joined([
          text("header"),
          saw["value"] === undefined ? "missing" : text("value"),
          saw["signed_at"] ? text("signed_at") : "",
          typeof saw["age_seconds"] === "number" ? span(saw["age_seconds"]) : "",
          saw["signed"] === false ? "not covered by the signature" : "",
        ]),
      ];
    case "id":
      return [joined([text("header"), saw["value"] === undefined ? "missing" : text("value")])];
    case "signed_content": {
      const bytes = `${text("template")}, ${text("bytes")} bytes, ${text("body_bytes")} of them body`;
      const odd = [
        saw["utf8"] === false ? "not UTF-8" : "",
        saw["byte_order_mark"] === true ? "begins with a byte order mark" : "",
      ];
      const end = saw["preview_end"] === undefined ? "" : ` … ${text("preview_end")}`;
      return [joined([bytes, ...odd]), short(text("preview") + end)];
    }
    case "signature":
      return [
        joined([
          `${text("tried")} tried with ${text("keys")} ${saw["keys"] === 1 ? "key" : "keys"}`,
          saw["key"] ? `${text("key")} matches` : "",
          saw["key_that_would_match"] ? `${text("key_that_would_match")} would match` : "",
        ]),
      ];
    case "freshness":
      if (ok === null) return ["not reached"];
      return [
        joined([
          typeof saw["age_seconds"] === "number" ? span(saw["age_seconds"]) : "",
          `allowed ${limit(saw["past_seconds"])} past, ${limit(saw["future_seconds"])} ahead`,
        ]),
      ];
    default:
      return [fact(saw)];
  }
}

function limit(seconds: unknown): string {
  return typeof seconds === "number" ? `${seconds} s` : "any";
}

function list(value: unknown): Facts[] {
  return Array.isArray(value) ? (value as Facts[]) : [];
}

function joined(parts: string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

/** The beginning and the end of a long text. */
function short(text: string): string {
  return text.length <= 76 ? text : `${text.slice(0, 48)} … ${text.slice(-24)}`;
}

function words(name: string): string {
  return name.replaceAll("_", " ");
}

export function fact(value: unknown): string {
  if (typeof value === "string") return visible(value);
  if (value === null || value === undefined) return "none";
  return visible(typeof value === "object" ? JSON.stringify(value) : String(value));
}
