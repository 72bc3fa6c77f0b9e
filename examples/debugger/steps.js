// The steps of verification as a list: the first that fails is open.
import { bytesView, count } from "./bytes.js";
import { factList, h } from "./dom.js";
import { signedParts } from "./examine.js";
import { duration, fact, label, relative } from "./words.js";

const TITLES = {
  secret: "Secret",
  signature_header: "Signature header",
  timestamp: "Timestamp",
  id: "Id",
  signed_content: "Signed content",
  signature: "Signature",
  freshness: "Freshness",
};

/** List items. `touched` holds the steps that the reader opened (true) or closed (false) himself. */
export function stepItems(result, touched) {
  const { steps } = result.diagnosis;
  const failing = steps.find(({ ok }) => ok === false)?.name;
  // A wrong signature says nothing by itself: the bytes that were compared do.
  const opened = failing === "signature" ? ["signature", "signed_content"] : [failing ?? "signed_content"];
  return steps.map((step) => {
    const { name, ok } = step;
    const state = ok === true ? "ok" : ok === false ? "bad" : "none";
    const details = h(
      "details",
      { open: touched.get(name) ?? opened.includes(name) },
      h(
        "summary",
        { onclick: () => touched.set(name, !details.open) },
        h("span", {
          class: `icon ${state}`,
          role: "img",
          "aria-label": {
            ok: "passed",
            bad: "failed",
            none: name === "signed_content" ? "information" : "not reached",
          }[state],
        }),
        h("span", { class: "step-title" }, TITLES[name] ?? label(name)),
        h("span", { class: "step-digest" }, digest(step)),
      ),
      h("div", { class: "step-body" }, content(step, result)),
    );
    return h("li", { class: state }, details);
  });
}

function digest({ name, ok, saw }) {
  switch (name) {
    case "secret": {
      const list = saw.secrets ?? [];
      return list.find(({ problem }) => problem)?.problem
        ? "cannot be used"
        : list.length > 0 && list.every(({ expired }) => expired)
          ? "expired"
          : list.length > 1
            ? `${list.length} secrets`
            : count(list[0]?.characters ?? 0, "character");
    }
    case "signature_header":
      return saw.headers ? `${saw.header}${ok === false ? ", not as expected" : ""}` : `${saw.header} is missing`;
    case "timestamp":
      return saw.value === undefined
        ? "missing"
        : saw.signed_at === undefined
          ? `${saw.value}, not readable`
          : fact("signed_at", saw.signed_at);
    case "id":
      return saw.value ?? "missing";
    case "signed_content":
      return `${saw.template}, ${count(saw.bytes, "byte")}`;
    case "signature":
      return ok === true
        ? `matches the key “${saw.key ?? "default"}”`
        : ok === false
          ? "does not match"
          : "not reached";
    case "freshness":
      return saw.age_seconds === undefined
        ? "no time to judge"
        : ok === null
          ? "not reached"
          : ok
            ? "within the window"
            : relative(saw.age_seconds);
    default:
      return "";
  }
}

function content(step, result) {
  const { name, saw } = step;
  if (name === "signed_content") return signedContent(saw, result);
  if (name === "signature_header") return header(saw);
  if (name === "signature") return signature(step);
  if (name === "secret") return (saw.secrets ?? []).map((secret) => facts(secret));
  if (name === "freshness") {
    const window = (seconds) => (typeof seconds === "number" ? duration(seconds) : "not limited");
    return factList([
      ["Clock", fact("now", saw.now)],
      ["Age", saw.age_seconds === undefined ? "unknown" : fact("age_seconds", saw.age_seconds)],
      ["Allowed", `${window(saw.past_seconds)} past, ${window(saw.future_seconds)} future`],
    ]);
  }
  return facts(saw);
}

const facts = (saw) =>
  factList(
    Object.entries(saw)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [label(name), fact(name, value)]),
  );

function signedContent(saw, result) {
  return [
    h(
      "p",
      {},
      "The provider computed its signature over ",
      h("code", {}, saw.template),
      ". These are the bytes as they are here:",
    ),
    bytesView(signedParts(result)),
    saw.utf8 === false && h("p", { class: "note" }, "The body is not UTF-8. Reading it as text changes it."),
  ];
}

function signature({ ok, saw }) {
  const tried = `${count(saw.tried, "part")} of the header tried with ${count(saw.keys, "key")}.`;
  if (ok === true) return h("p", {}, `${tried} The key “${saw.key ?? "default"}” matches.`);
  const would = saw.key_that_would_match;
  return h(
    "p",
    {},
    ok === false ? `${tried} None matches.` : "Not compared: an earlier step failed.",
    would ? ` With the mistake undone, the key “${would}” matches.` : "",
  );
}

/** What arrived against what this provider writes. */
function header({ header, headers, expected, found = [] }) {
  const shape = ({ prefix, characters, encoding }) => `${prefix}<${characters} characters of ${encoding}>`;
  const row = (name, text, state) =>
    h("div", { class: `shape ${state}` }, h("dt", {}, name), h("dd", {}, h("code", {}, text)));
  const rows = found.map((piece) => {
    const text = shape(piece);
    return row(
      "Received",
      text,
      text === expected ? "same" : expected.startsWith(piece.prefix || "\0") ? "differs" : "other",
    );
  });
  return [
    h(
      "p",
      {},
      headers === 0
        ? ["There is no header ", h("code", {}, header), "."]
        : ["Header ", h("code", {}, header), headers > 1 && `, ${headers} times`, ":"],
    ),
    h("dl", { class: "shapes" }, row("Expected", expected, "expected"), rows),
  ];
}
