// The "sign" side: the headers that the provider would send, and the request as source text.
import { factList, h, prose } from "./dom.js";
import { ask } from "./ask.js";
import { languages } from "./snippets.js";
import { moment } from "./words.js";

let language = "curl";

/** Elements of the result, and the sentence that says it aloud. */
export async function signedView({ provider, dialect, secrets, body, id, url, now }, titles) {
  if (provider === undefined) return waiting("The scheme is not JSON.");
  if (!provider) return waiting("Choose the provider to sign as.");
  if (secrets.every(({ secret }) => secret === ""))
    return waiting("Enter the signing secret: it signs here, and is in none of the snippets.");
  const { headers, said: refused, code } = await ask("sign", { provider, dialect, secrets, body, id, now });
  if (!headers) return { state: "bad", said: refused, elements: [section("bad", "Not signed", refused, code)] };
  const pairs = Object.entries(headers);
  if (!pairs.some(([name]) => name.toLowerCase() === "content-type"))
    pairs.unshift(["Content-Type", "application/json"]);
  const said = `Signed as ${titles.provider(provider)}${body.length === 0 ? ": the body is empty" : ""}.`;
  return {
    state: "ok",
    said,
    elements: [
      section(
        "ok",
        "Signed",
        said,
        undefined,
        h("p", {}, `At ${moment(now)}. The secret is in none of the snippets.`),
        factList(pairs.map(([name, value]) => [name, h("code", {}, value)])),
      ),
      // As a URL is written, since not every client writes it so by itself.
      snippets({ url: URL.canParse(url) ? new URL(url).href : url, headers: pairs, body }),
    ],
  };
}

function waiting(text) {
  return { state: "wait", said: text, elements: [section("wait", "Not signed yet", text)] };
}

function section(state, word, headline, code, ...more) {
  return h(
    "section",
    { class: `verdict ${state}` },
    h(
      "p",
      { class: `badge ${state}` },
      h("span", { class: "icon", "aria-hidden": "true" }),
      h("span", {}, word),
      code && h("code", {}, code),
    ),
    h("h2", {}, prose(headline)),
    more,
  );
}

function snippets(request) {
  const code = h("pre", {
    class: "snippet",
    id: "snippet",
    tabindex: "0",
    role: "region",
    "aria-label": "Request as source text",
  });
  const show = () => code.replaceChildren(languages[language](request));
  const choices = Object.keys(languages).map((name) =>
    h(
      "label",
      {},
      h("input", {
        type: "radio",
        name: "language",
        value: name,
        checked: name === language,
        onchange() {
          language = name;
          show();
        },
      }),
      h("span", {}, name),
    ),
  );
  const copy = h(
    "button",
    {
      type: "button",
      class: "plain",
      async onclick() {
        try {
          await navigator.clipboard.writeText(code.textContent);
          copy.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(code);
          copy.textContent = "Selected: copy it with the keyboard";
        }
        setTimeout(() => (copy.textContent = "Copy"), 2000);
      },
    },
    "Copy",
  );
  show();
  return h(
    "section",
    { "aria-labelledby": "request-title" },
    h("h2", { id: "request-title" }, "The request"),
    h(
      "div",
      { class: "row spread" },
      h("fieldset", { class: "switch" }, h("legend", { class: "hidden" }, "Language"), choices),
      copy,
    ),
    code,
  );
}
