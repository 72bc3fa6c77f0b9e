// The page: fills the form, examines what is in it after every change, and shows the answer.
import { frameworks } from "../../pkg-template/src/generated/diagnosis.ts";
import { ask } from "./ask.js";
import { addSecret, bodyTyped, fill, read, showEnds } from "./form.js";
import { byId, h } from "./dom.js";
import { clueOf } from "../../pkg-template/src/explain/clues.ts";
import { coverageView, eventView } from "./event.js";
import { wallClock } from "./examine.js";
import { groups } from "./examples.js";
import { readPasted } from "./paste.js";
import { signedView } from "./signed.js";
import { stepItems } from "./steps.js";
import { verdict } from "./verdict.js";

let providers = [];
const titles = {
  provider: (name) => providers.find((provider) => provider.name === name)?.title ?? "your own scheme",
  frameworks: Object.values(frameworks),
};
/** Why what was pasted could not be read: until something else is entered, there is no verdict about the fields. */
let unread = "";
/** Whether the reader has chosen the provider, and not an example. */
let chosen = false;
/** Steps that the reader opened or closed. */
const touched = new Map();
const examples = groups.flatMap(([, list]) => list);

function setUp() {
  let number = 0;
  byId("example").append(
    h("option", { value: "" }, "Your own delivery"),
    ...groups.map(([name, list]) =>
      h(
        "optgroup",
        { label: name },
        list.map(({ title }) => h("option", { value: String(number++) }, title)),
      ),
    ),
  );
  byId("provider").append(
    h("option", { value: "" }, "Detect by the headers"),
    ...providers.map(({ name, title }) => h("option", { value: name }, title)),
    h("option", { value: "custom" }, "A scheme of your own"),
  );
  byId("framework").append(
    h("option", { value: "" }, "Not named"),
    ...Object.entries(frameworks).map(([name, title]) => h("option", { value: name }, title)),
  );

  byId("form").addEventListener("submit", (event) => event.preventDefault());
  byId("form").addEventListener("input", ({ target }) => {
    if (target.id === "paste" || target.id === "example" || target.type === "file") return;
    unread = "";
    if (target.id === "provider") chosen = target.value !== "";
    if (target.id === "body") bodyTyped();
    if (target.id !== "show-secrets" && target.name !== "clock") byId("example").value = "";
    soon();
  });
  byId("example").addEventListener("change", () => showExample(byId("example").value));
  byId("paste").addEventListener("input", () => pasted(byId("paste").value));
  byId("show-secrets").addEventListener("change", ({ target }) =>
    byId("secrets").classList.toggle("shown", target.checked),
  );
  byId("add-secret").addEventListener("click", () => {
    addSecret().focus();
    show();
  });
  byId("ends").addEventListener("change", showEnds);
  byId("framework").addEventListener("change", show);
  byId("mode").addEventListener("change", () => {
    setMode(document.querySelector("[name=mode]:checked").value);
    show();
  });
  byId("file").addEventListener("change", ({ target }) => takeFile(target.files[0]));
  takeDrops();
}

function setMode(mode) {
  for (const element of document.querySelectorAll("[data-mode]")) element.hidden = element.dataset.mode !== mode;
  if (mode === "sign" && byId("form").elements.clock.value === "signed") byId("form").elements.clock.value = "now";
}

/** The first field of the page is the example; choosing "Your own delivery" empties the form. */
function showExample(number) {
  unread = "";
  chosen = false;
  byId("paste").value = "";
  byId("paste-said").textContent = "It fills the fields below.";
  touched.clear();
  if (number === "") fill({ provider: "", secrets: [""], headers: [], body: new Uint8Array(), clock: "signed" });
  else {
    const { provider, ...example } = examples[Number(number)];
    fill({ provider, ...example });
  }
  if (mode() === "sign") setMode("sign");
  show();
}

function pasted(text) {
  const said = byId("paste-said");
  said.classList.remove("bad");
  unread = "";
  if (text.trim() === "") {
    said.textContent = "It fills the fields below.";
    show();
    return;
  }
  try {
    const request = readPasted(text);
    // The example's secret is none of the reader's.
    const wasExample = byId("example").value !== "";
    byId("example").value = "";
    touched.clear();
    fill({
      ...(chosen ? {} : { provider: "" }),
      headers: request.headers,
      body: request.body ?? (wasExample ? new Uint8Array() : undefined),
      source: "what was pasted",
      clock: "signed",
      ...(wasExample ? { secrets: [""] } : {}),
    });
    said.textContent = request.said;
    show();
  } catch (error) {
    if (error.name !== "ParseError") throw error;
    said.classList.add("bad");
    said.textContent = error.message;
    unread = error.message;
    show();
  }
}

async function takeFile(file) {
  if (!file) return;
  unread = "";
  byId("example").value = "";
  fill({ body: new Uint8Array(await file.arrayBuffer()), source: file.name });
  byId("file").value = "";
  show();
}

function takeDrops() {
  const area = byId("drop");
  // Else a file that misses the field replaces the page.
  for (const kind of ["dragover", "drop"])
    addEventListener(kind, (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  area.addEventListener("dragover", () => area.classList.add("over"));
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", ({ dataTransfer }) => {
    area.classList.remove("over");
    takeFile(dataTransfer?.files[0]);
  });
}

const mode = () => document.querySelector("[name=mode]:checked").value;

let timer;
function soon() {
  clearTimeout(timer);
  byId("result").ariaBusy = "true";
  timer = setTimeout(show, 120);
}

/** While one answer is awaited, only the newest of the questions after it is kept. */
let again = false;
let working = false;

async function show() {
  clearTimeout(timer);
  again = true;
  byId("result").ariaBusy = "true";
  if (working) return;
  working = true;
  // What is quick shall not flicker.
  const visible = setTimeout(() => {
    byId("working").hidden = false;
    say(byId("working").textContent, "wait");
  }, 200);
  while (again) {
    again = false;
    try {
      await render();
    } catch (error) {
      showFailure(error);
    }
  }
  clearTimeout(visible);
  working = false;
  byId("working").hidden = true;
  byId("result").ariaBusy = "false";
}

async function render() {
  const input = read();
  const certain = await ask("detect", input.headers);
  const clue = certain || input.headers.length === 0 ? undefined : clueOf(input.headers);
  const detected = certain || clue?.provider;
  const provider = input.provider === "custom" ? schemeOf(input.scheme) : input.provider || detected || "";
  byId("scheme-field").hidden = input.provider !== "custom";
  byId("provider-said").textContent = input.provider
    ? ""
    : detected
      ? `${certain ? "Detected" : "Probably"}: ${titles.provider(detected)}${certain ? "" : `. ${clue.sentence}`}`
      : "None is detected";
  byId("clock-field").hidden = byId("form").elements.clock.value !== "custom";
  showDialects(provider);
  const dialect = byId("dialect-field").hidden ? "" : byId("dialect").value;
  if (mode() === "sign") await showSigned({ ...input, provider, dialect });
  else await showVerified({ ...input, provider, dialect, clue });
}

/** A scheme as JSON; undefined where it is none. */
function schemeOf(text) {
  try {
    const scheme = JSON.parse(text);
    return typeof scheme === "object" && scheme !== null ? scheme : undefined;
  } catch {
    return undefined;
  }
}

function showDialects(provider) {
  const dialects = providers.find(({ name }) => name === provider)?.dialects ?? [];
  const select = byId("dialect");
  byId("dialect-field").hidden = dialects.length < 2;
  if (select.dataset.provider === provider) return;
  select.dataset.provider = provider;
  select.replaceChildren(
    h("option", { value: "" }, "By the headers"),
    ...dialects.map((name) => h("option", { value: name }, name)),
  );
}

async function showVerified(input) {
  const { headers, body } = input;
  const { clue, ...asked } = input;
  const result = waiting({ ...asked, clue }) ?? {
    ...(await ask("examine", asked)),
    headers,
    body,
    isExample: byId("example").value !== "",
  };
  if (!again) showVerdict(result);
}

function showVerdict(result) {
  const wait = result.wait === undefined ? undefined : result;
  const { state, said, elements } = verdict(result, titles);
  byId("verdict").className = `verdict ${state}`;
  byId("verdict").replaceChildren(...elements.flat(Infinity).filter(Boolean));
  byId("framework-field").hidden = wait !== undefined || result.diagnosis.causes.length === 0;
  for (const id of ["steps-section", "covered-section"])
    byId(id).hidden = wait !== undefined || result.diagnosis.steps.length === 0;
  byId("event-section").hidden = !result.event;
  byId("steps").replaceChildren(...(wait ? [] : stepItems(result, touched)));
  byId("event").replaceChildren(...(result.event ? eventView(result.event).flat() : []));
  byId("covered").replaceChildren(...(wait ? [] : coverageView(result)));
  say(said, state);
}

function waiting({ provider, secrets, headers, body, clue }) {
  if (unread) return { wait: "What was pasted could not be read.", hint: unread };
  if (headers.length === 0 && body.length === 0)
    return {
      wait: "Paste a request, or fill the fields.",
      hint: "A raw HTTP request, a curl command, a HAR file or JSON with the headers.",
    };
  if (provider === undefined) return { wait: "The scheme is not JSON.", hint: "An object, with its names in quotes." };
  if (!provider)
    return {
      wait: "Choose the provider.",
      hint: clue?.sentence ?? "There are no headers yet: one of them holds the signature.",
    };
  if (secrets.every(({ secret }) => secret === ""))
    return {
      wait: "Enter the signing secret.",
      hint: `As ${titles.provider(provider)} shows it. It stays in this page.`,
    };
  return undefined;
}

function showFailure(error) {
  showVerdict({
    wait: "It could not be examined.",
    hint: `${error.message} This page needs WebAssembly and a worker.`,
  });
  byId("result").ariaBusy = "false";
}

async function showSigned(input) {
  const { state, said, elements } = await signedView(
    {
      ...input,
      id: byId("sign-id").value,
      url: byId("sign-url").value,
      now: input.clock === "custom" ? input.time : wallClock(),
    },
    titles,
  );
  byId("signed").replaceChildren(...elements);
  say(said, state);
}

/** Aloud, and for those who do not see the result yet. */
function say(text, state) {
  if (byId("announce").textContent !== text) byId("announce").textContent = text;
  byId("jump").className = `jump ${state}`;
  byId("jump").textContent = text;
}

async function begin() {
  setMode("verify");
  providers = await ask("providers");
  setUp();
  byId("example").value = "0";
  showExample("0");
}

begin().catch((error) => showFailure(error));
