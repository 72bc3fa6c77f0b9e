// The form: reads what was entered, and fills it. The body is kept as bytes, since a text field changes some of them.
import { byId, h } from "./dom.js";
import { count } from "./bytes.js";

const encoder = new TextEncoder();
let body = new Uint8Array();
let bodySource = "";

/** What is entered. `headers` is a list of pairs. */
export function read() {
  const clock = new FormData(byId("form")).get("clock");
  const time = seconds(byId("clock-time").value);
  return {
    provider: byId("provider").value,
    scheme: byId("scheme").value,
    dialect: byId("dialect-field").hidden ? "" : byId("dialect").value,
    secrets: secretFields().map(([secret, end]) => ({
      secret: secret.value,
      expires: byId("ends").checked ? seconds(end.value) : undefined,
    })),
    headers: headerPairs(byId("headers").value),
    body,
    clock: clock === "custom" && time === undefined ? "now" : clock,
    time,
    framework: byId("framework").value || undefined,
  };
}

/** Unix seconds of a field for a time in UTC; undefined where it is empty. */
const seconds = (text) => (Number.isNaN(Date.parse(`${text}Z`)) ? undefined : Date.parse(`${text}Z`) / 1000);

/** Fills what is given, and leaves the rest. */
export function fill({ provider, secrets, headers, body, source, clock, time }) {
  if (provider !== undefined) byId("provider").value = provider;
  if (secrets) {
    byId("secret-list").replaceChildren();
    byId("ends").checked = false;
    showEnds();
    for (const secret of secrets) addSecret(secret);
  }
  if (headers) byId("headers").value = headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  if (body) setBody(body, source);
  if (clock) byId("form").elements.clock.value = clock;
  if (time !== undefined) byId("clock-time").value = new Date(time * 1000).toISOString().slice(0, 19);
}

/** Lines of `Name: value`. */
function headerPairs(text) {
  return text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf(":", 1);
    return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  });
}

const secretFields = () =>
  Array.from(byId("secret-list").children, (row) => [row.querySelector("textarea"), row.querySelector("input")]);

/** Shows the fields for the ends of secrets, or hides them: then none has one. */
export function showEnds() {
  for (const [, end] of secretFields()) end.parentElement.hidden = !byId("ends").checked;
}

/** One more field for a secret. A text area keeps a line break that was pasted, which a line of input would hide. */
export function addSecret(value = "") {
  const number = secretFields().length + 1;
  const field = h("textarea", {
    class: "secret",
    rows: 1,
    spellcheck: false,
    autocomplete: "off",
    autocapitalize: "off",
    "aria-label": number === 1 ? "Signing secret" : `Signing secret ${number}`,
    "data-1p-ignore": "",
    "data-lpignore": "true",
    placeholder: "As the provider shows it",
  });
  field.value = value;
  const end = h(
    "label",
    { class: "end", hidden: !byId("ends").checked },
    "Expires (UTC)",
    h("input", {
      type: "datetime-local",
      step: 1,
      autocomplete: "off",
      "aria-label": number === 1 ? "Expires (UTC)" : `Secret ${number} expires (UTC)`,
    }),
  );
  byId("secret-list").append(h("div", { class: "one-secret" }, field, end));
  return field;
}

/** Sets the body to these bytes; `source` says where they came from. */
function setBody(bytes, source = "") {
  body = bytes;
  bodySource = source;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  byId("body").value = text;
  describe();
}

/** The text field was changed: its text is the body now. */
export function bodyTyped() {
  body = encoder.encode(byId("body").value);
  bodySource = "";
  describe();
}

function describe() {
  const typed = encoder.encode(byId("body").value);
  const exact = typed.length === body.length && typed.every((byte, at) => byte === body[at]);
  const parts = [count(body.length, "byte"), bodySource && `from ${bodySource}`].filter(Boolean).join(" ");
  byId("body-said").textContent = exact
    ? parts
    : `${parts}, kept as they are: this field cannot show them all, and typing here replaces them.`;
}
