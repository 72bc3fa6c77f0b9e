// The event as a tree, and what of the delivery the signature does not cover.
import { factList, h } from "./dom.js";
import { coverage } from "./examine.js";
import { moment } from "./words.js";

/** The verified event: its facts, then its payload. */
export function eventView(event) {
  const open = () => h("span", { class: "tag open" }, "not covered");
  const value = (text) => (text === null ? h("span", { class: "quiet" }, "not said") : h("code", {}, text));
  const facts = factList([
    ["type", [value(event.type)]],
    ["id", [value(event.id), " ", event.id !== null && !event.authenticated.id && open()]],
    [
      "timestamp",
      [
        event.timestamp === null ? value(null) : `${moment(event.timestamp)} `,
        event.timestamp !== null && !event.authenticated.timestamp && open(),
      ],
    ],
    ["key", [value(event.key)]],
    ["replayKey", [value(event.replayKey)]],
  ]);
  return [facts, payload(event)];
}

function payload(event) {
  if (event.json.code)
    return h("p", { class: "note" }, "The body is authentic, but not JSON: there is no tree to show.");
  const note =
    event.refused &&
    h(
      "p",
      { class: "note" },
      h("code", {}, event.refused),
      ": the body is authentic, but not in the form that this provider documents, so it has no type here.",
    );
  return [
    note ?? "",
    h("div", { class: "tree", role: "group", "aria-label": "Payload" }, branch("payload", event.json.value, 0)),
  ];
}

/** So many entries of one object or list are shown. */
const MOST = 200;

function branch(name, value, depth) {
  const key = h("span", { class: "key" }, name);
  if (value === null || typeof value !== "object") {
    return h(
      "div",
      { class: "leaf" },
      key,
      " ",
      h(
        "span",
        { class: value === null ? "null" : typeof value },
        typeof value === "string" ? JSON.stringify(value) : String(value),
      ),
    );
  }
  const entries = Array.isArray(value) ? value.map((item, at) => [String(at), item]) : Object.entries(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  if (entries.length === 0)
    return h("div", { class: "leaf" }, key, " ", h("span", { class: "quiet" }, Array.isArray(value) ? "[]" : "{}"));
  const inside = h("div", { class: "inside" });
  const details = h(
    "details",
    { open: depth < 2 },
    h("summary", {}, key, " ", h("span", { class: "quiet" }, size)),
    inside,
  );
  const fill = () => {
    if (inside.hasChildNodes()) return;
    inside.append(...entries.slice(0, MOST).map(([name, item]) => branch(name, item, depth + 1)));
    if (entries.length > MOST) inside.append(h("div", { class: "leaf quiet" }, `… ${entries.length - MOST} more`));
  };
  // Deep ones only when they are opened: a body may nest thousands of levels.
  if (depth < 2) fill();
  else details.addEventListener("toggle", fill);
  return details;
}

const SAYS = { signature: "the signature", covered: "covered", open: "not covered" };

/** Every header, and the body. */
export function coverageView({ diagnosis, headers }) {
  const known = coverage(diagnosis);
  const row = (name, value, state) =>
    h(
      "tr",
      { class: state },
      h("th", { scope: "row" }, name),
      h("td", {}, value),
      h("td", {}, h("span", { class: `tag ${state}` }, SAYS[state])),
    );
  const rows = headers.map(([name, value]) => {
    const state = known.get(name.toLowerCase()) ?? "open";
    return row(name, h("code", {}, value), state);
  });
  return [
    h(
      "p",
      {},
      "Anybody who has one delivery can change what is not covered, and it still verifies: decide nothing by it.",
    ),
    h(
      "table",
      {},
      h(
        "thead",
        { class: "hidden" },
        h(
          "tr",
          {},
          ["Part", "Value", "Signature"].map((text) => h("th", { scope: "col" }, text)),
        ),
      ),
      h("tbody", {}, row("Body", "every byte", "covered"), rows),
    ),
  ];
}
