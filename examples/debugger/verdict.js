// The answer first: valid, or the cause with its fix.
import { factList, h, prose } from "./dom.js";
import { count } from "./bytes.js";
import { saw, wallClock } from "./examine.js";
import { duration, fact, label, moment } from "./words.js";

/** Elements of the verdict, and the sentence that says it aloud. `result` is from `examine`, or `{ wait }`. */
export function verdict(result, titles) {
  if (result.wait) {
    return {
      state: "wait",
      said: result.wait,
      elements: [
        badge("wait", "Not verified yet"),
        headline(result.wait),
        result.hint && h("p", {}, prose(result.hint)),
      ],
    };
  }
  return result.diagnosis.code === "valid" ? valid(result, titles) : refused(result, titles);
}

const headline = (text) => h("h2", { id: "verdict-title" }, prose(text));

function badge(state, text, code) {
  return h(
    "p",
    { class: `badge ${state}` },
    h("span", { class: "icon", "aria-hidden": "true" }),
    h("span", {}, text),
    code && h("code", {}, code),
  );
}

function valid(result, titles) {
  const { event, signedAt, now, diagnosis, isExample } = result;
  const title = titles.provider(diagnosis.provider);
  const said = event.type ? `Authentic: ${event.type} from ${title}.` : `Authentic, from ${title}.`;
  const checked =
    signedAt === undefined
      ? "It says no time, so it cannot be too old."
      : now === signedAt
        ? `Judged at ${moment(now)}, when it was signed.`
        : `Judged at ${moment(now)}.`;
  // What is worth saying about a body that is authentic.
  const remarks = diagnosis.causes.map((cause) => card(cause, diagnosis.causes.length > 1, titles));
  // Judged at the time it was signed, every delivery is fresh: what a receiver says now is the other fact.
  const late = now === signedAt && !isExample ? lateness(signedAt - wallClock(), result.window) : undefined;
  if (late) {
    return {
      state: "late",
      said: `${said} Time: refused now, ${late.far}.`,
      elements: [
        facts("Signature: right", `Time: refused now, ${late.far}`, late.code),
        h("p", {}, prose(`${said} A receiver refuses it now: ${late.allowed}.`)),
        h("p", { class: "quiet" }, prose(checked)),
        remarks,
        elsewhere(result),
      ],
    };
  }
  return {
    state: "ok",
    said,
    elements: [
      badge("ok", "Valid"),
      headline(said),
      h("p", { class: "quiet" }, prose(checked)),
      remarks,
      elsewhere(result),
    ],
  };
}

/** Two facts as the headline: a right signature with a wrong time is neither valid nor forged. */
function facts(right, wrong, code) {
  const fact = (state, text, code) =>
    h(
      "span",
      { class: `badge ${state}` },
      h("span", { class: "icon", "aria-hidden": "true" }),
      h("span", {}, text),
      code && h("code", {}, code),
    );
  return h("h2", { id: "verdict-title" }, fact("ok", right), " ", fact("bad", wrong, code));
}

/** How far the signed time is ahead of a clock (or behind it), if the window does not allow that. */
function lateness(ahead, { past, future }) {
  const limit = ahead > 0 ? future : past;
  if (typeof limit !== "number" || Math.abs(ahead) <= limit) return undefined;
  return {
    far: `${duration(ahead)} ${ahead > 0 ? "ahead of" : "behind"} this clock`,
    code: ahead > 0 ? "timestamp_too_new" : "timestamp_too_old",
    allowed: `${duration(limit)} ${limit === 1 ? "is" : "are"} allowed`,
  };
}

/** It verifies here: then the receiver has something else in hand. */
function elsewhere({ diagnosis, body }) {
  const lengths = (saw(diagnosis, "secret").secrets ?? [])
    .map(({ characters }) => characters)
    .filter((number) => number !== undefined);
  return h(
    "details",
    { class: "more" },
    h("summary", {}, "It verifies here, but your receiver refuses it?"),
    h("p", {}, "Then your receiver has other bytes, another secret or another clock. Log there, and compare:"),
    factList([
      ["Bytes of body", count(body.length, "byte")],
      ["First bytes", hexOf(body.subarray(0, 8))],
      ["Last bytes", hexOf(body.subarray(Math.max(0, body.length - 8)))],
      ["Length of the secret", lengths.map((length) => count(length, "character")).join(", ") || "unknown"],
    ]),
  );
}

const hexOf = (bytes) =>
  h("code", {}, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ") || "none");

function refused({ diagnosis, window }, titles) {
  const { causes, code, summary } = diagnosis;
  const many = causes.length > 1;
  // One sentence as the headline, what follows from it below.
  const [, first, rest] = /^(.*?\.)(?: (.*))?$/s.exec(summary) ?? [summary, summary];
  const ahead = -(saw(diagnosis, "freshness").age_seconds ?? NaN);
  const late = /^timestamp_too_/.test(code) ? lateness(ahead, window) : undefined;
  const said = late
    ? `Signature: right. Time: refused, ${late.far}.`
    : causes.length === 0
      ? first
      : many
        ? `${NUMBERS[causes.length] ?? causes.length} mistakes at once`
        : causes[0].message;
  const cards = causes.map((cause) => card(cause, many, titles));
  return {
    state: "bad",
    said: many ? `${said}: ${causes.map(({ message }) => message).join(" ")}` : said,
    elements: [
      late
        ? facts("Signature: right", `Time: refused, ${late.far}`, code)
        : [badge("bad", "Refused", causes.some((cause) => cause.code === code) ? undefined : code), headline(said)],
      many
        ? h(
            "ol",
            { class: "causes" },
            cards.map((card) => h("li", {}, card)),
          )
        : cards,
      causes.length === 0 && rest && h("p", {}, prose(rest)),
      next(diagnosis),
      causes.length === 0 && ruledOut(diagnosis),
    ],
  };
}

const NUMBERS = { 2: "Two", 3: "Three", 4: "Four" };

function card({ code, message, fix, proven, evidence }, many, titles) {
  const [general, title, special] = split(fix, titles.frameworks);
  // What the library has to say about this very secret is more than evidence.
  const { hint, ...facts } = evidence;
  const pairs = Object.entries(facts).map(([name, value]) => [label(name), fact(name, value)]);
  return h(
    "div",
    { class: "cause" },
    many && h("h3", {}, message),
    h(
      "p",
      { class: "tags" },
      h("code", {}, code),
      h(
        "span",
        { class: proven ? "tag proven" : "tag" },
        !proven
          ? "Certain by its form"
          : code === "clock_skew"
            ? "Proven: the signature covers the time, and is right"
            : "Proven: undoing it makes the signature right",
      ),
    ),
    hint && h("p", {}, prose(hint)),
    h("p", { class: "fix" }, h("strong", {}, "Fix "), prose(general)),
    special && h("div", { class: "fix-code" }, h("p", { class: "fix-title" }, title), h("p", {}, prose(special))),
    pairs.length > 0 && [h("p", { class: "evidence" }, "Evidence"), factList(pairs)],
  );
}

/** The fix for everybody, and the one for the framework, which begins with its title. */
function split(fix, titles) {
  for (const title of titles) {
    const at = fix.indexOf(` ${title}: `);
    if (at >= 0) return [fix.slice(0, at), title, fix.slice(at + title.length + 3)];
  }
  return [fix];
}

/** What to look at where no mistake is proven, the most probable first. */
function next({ hints }) {
  if (hints.length === 0) return undefined;
  return h(
    "div",
    { class: "fix-code" },
    h("p", { class: "fix-title" }, "Look at these, in this order"),
    h(
      "ol",
      { class: "next" },
      hints.map((text) => h("li", {}, prose(text))),
    ),
  );
}

function ruledOut({ ruledOut: codes, untried }) {
  if (codes.length === 0) return undefined;
  return h(
    "details",
    { class: "more" },
    h("summary", {}, `${count(codes.length, "known mistake")} ruled out`),
    h("p", {}, "Each was looked for, or undone without making the signature right:"),
    h(
      "ul",
      { class: "codes" },
      codes.map((code) => h("li", {}, h("code", {}, code))),
    ),
    untried.length > 0 && [
      h("p", {}, "Not tried, and so not ruled out:"),
      h(
        "ul",
        {},
        untried.map(({ message }) => h("li", {}, prose(message))),
      ),
    ],
  );
}
