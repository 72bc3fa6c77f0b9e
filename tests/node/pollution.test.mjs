// What a library has put on Object.prototype is no option: with the name of every option there, everything answers as
// without.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Webhook, detectProvider } from "countersign";
import { lambdaWebhook } from "countersign/aws-lambda";
import { diagnose } from "countersign/diagnose";
import { judgeUrl } from "countersign/endpoints";
import { memoryReplay } from "countersign/replay/memory";
import { ED25519, NOW, PROVIDERS, hmac } from "./support.mjs";

const dist = join(dirname(createRequire(import.meta.url).resolve("countersign/package.json")), "dist");

/** A declaration file without its comments. */
const code = (file) => readFileSync(join(dist, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");

/** The names of all properties in the declarations of what callers pass in. */
function optionNames() {
  const files = [
    "scheme",
    "input",
    "receive",
    "handle",
    "webhook",
    "diagnose",
    "endpoints/rules",
    "endpoints/management",
  ].map((name) => `${name}.d.ts`);
  for (const folder of ["adapters", "adapters/shared", "replay"])
    files.push(
      ...readdirSync(join(dist, folder))
        .filter((file) => file.endsWith(".d.ts"))
        .map((file) => `${folder}/${file}`),
    );
  const names = new Set();
  for (const file of files)
    for (const [, name] of code(file).matchAll(/(?:readonly )?\b([a-z]\w*)\??(?=:|\()/gi)) names.add(name);
  return [...names].filter((name) => !Object.hasOwn(Object.prototype, name));
}

const BODY = '{"type":"x","event":"issue","action":"created"}';
const SCHEME = {
  signature: { header: "X-S", encoding: "hex" },
  signed: "{timestamp}.{body}",
  timestamp: { header: "X-T" },
};
const PLAIN = { signature: { header: "X-S", encoding: "hex" }, signed: "{body}" };

/** What everything answers, as text. `prepared` was made where nothing was polluted. */
async function answers(prepared) {
  const said = [];
  const say = (what, call) => {
    let answer;
    try {
      answer = call();
    } catch (error) {
      // Without how long ago that was by the clock.
      answer = `${error.name} ${error.code ?? ""} ${error.message.replace(/\d{8,}/, "N")}`;
    }
    said.push([what, answer]);
  };
  const facts = (event) =>
    [event.provider, event.type, event.id, event.timestamp, event.key, event.replayKey, event.expires].join(" ");
  for (const { provider, secret, options, headers } of PROVIDERS) {
    const signed = headers(Buffer.from(BODY), NOW);
    for (const [when, now] of [
      ["now", NOW],
      ["late", NOW + 301],
      ["early", NOW - 301],
    ]) {
      say(`${provider} ${when}`, () =>
        facts(new Webhook(provider, secret, options).verify({ headers: signed, body: BODY }, { now })),
      );
      say(`${provider} ${when}, own options empty`, () =>
        facts(
          new Webhook(provider, secret, { ...options }).verify(
            { headers: new Map(Object.entries(signed)), body: BODY },
            { now },
          ),
        ),
      );
    }
    say(`${provider} wrong`, () =>
      facts(
        new Webhook(provider, [secret, { secret: "another secret" }].slice(0, 1), options).verify(
          { headers: signed, body: `${BODY} ` },
          { now: NOW },
        ),
      ),
    );
    say(`${provider} signs`, () =>
      JSON.stringify(
        Object.entries(new Webhook(provider, secret, options).sign(BODY, { now: NOW, id: "msg_1" })).filter(
          ([name]) => name !== "X-GitHub-Delivery" && name !== "X-Plane-Delivery",
        ),
      ),
    );
    say(`${provider} detected`, () => detectProvider(signed));
    say(`${provider} without headers`, () =>
      facts(new Webhook(provider, secret, options).verify({ headers: {}, body: BODY }, { now: NOW })),
    );
  }
  say("diagnosed", () => {
    const headers = PROVIDERS[0].headers(Buffer.from(BODY), NOW);
    return diagnose("github", "wrong secret, this", { headers, body: BODY }, { now: NOW }).summary;
  });
  say("no delivery", () => new Webhook("github", "a secret").verify({}));
  say(
    "clock",
    () =>
      new Webhook(SCHEME, "a secret").verify({
        headers: { "X-T": "1", "X-S": hmac("a secret", `1.${BODY}`, "hex") },
        body: BODY,
      }).key,
  );
  for (const [name, scheme] of Object.entries({ SCHEME, PLAIN })) {
    say(`${name} is what it says`, () => JSON.stringify(new Webhook(scheme, "a secret").sign(BODY, { now: NOW })));
    say(`${name} verified`, () =>
      facts(
        new Webhook(scheme, "a secret").verify(
          { headers: { "X-T": `${NOW}`, "X-S": hmac("a secret", `${NOW}.${BODY}`, "hex") }, body: BODY },
          { now: NOW + 400 },
        ),
      ),
    );
    say(
      `${name} diagnosed`,
      () =>
        diagnose(scheme, "another secret", { headers: { "X-T": `${NOW}`, "X-S": "00" }, body: BODY }, { now: NOW })
          .code,
    );
  }
  say("no secret", () => new Webhook("github", {}));
  say("a url", () => JSON.stringify(judgeUrl("https://10.0.0.1:444/")));
  for (const { what, call } of prepared()) {
    try {
      said.push([what, await call()]);
    } catch (error) {
      said.push([what, `${error.name} ${error.code ?? ""} ${error.message}`]);
    }
  }
  return said;
}

/** Calls that take requests, which are made here: a platform's own constructors read what is inherited. */
function prepare() {
  const secret = PROVIDERS[0].secret;
  const signed = PROVIDERS[0].headers(Buffer.from(BODY), NOW);
  const github = new Webhook("github", secret);
  const stripe = new Webhook("svix", ED25519.whpk);
  const made = () => new Request("https://example.com/", { method: "POST", body: BODY, headers: signed });
  const [one, two, three, four] = [
    made(),
    made(),
    made(),
    new Request("https://example.com/", { method: "POST", body: BODY }),
  ];
  const response = async (answer) => `${answer.status} ${await answer.text()}`;
  const event = { httpMethod: "POST", headers: signed, body: BODY };
  return [
    { what: "receive", call: async () => (await github.receive(one)).key },
    { what: "respond", call: async () => response(await github.respond(two, { handler() {} })) },
    { what: "respond without handler", call: async () => response(await github.respond(three, {})) },
    { what: "respond refuses", call: async () => response(await github.respond(four, { handler() {} })) },
    { what: "handle", call: async () => (await github.handle({ headers: signed, body: BODY }, { handler() {} })).key },
    {
      what: "handle once",
      call: async () => {
        const replay = memoryReplay();
        const once = () =>
          github.handle({ headers: signed, body: BODY }, { handler() {}, replay }).then(
            () => "handled",
            ({ code }) => code,
          );
        return `${await once()} ${await once()}`;
      },
    },
    { what: "lambda", call: async () => JSON.stringify(await lambdaWebhook(github, { handler() {} })(event, {})) },
    { what: "public key", call: async () => stripe.verify({ headers: {}, body: BODY }).key },
  ];
}

/** Values that would weaken what they are taken for, or break it. */
const VALUES = [
  NOW,
  Infinity,
  null,
  "body-only",
  "hex",
  () => "GET",
  { past: Infinity, future: Infinity, header: "X-Evil", secret: "x", type: "t", id: "i" },
  true,
];

test("with the name of every option on Object.prototype, everything answers as without", async (t) => {
  const names = optionNames();
  for (const name of [
    "now",
    "tolerance",
    "past",
    "future",
    "dialect",
    "key",
    "secret",
    "maxBytes",
    "onRefused",
    "replay",
    "lease",
    "handler",
    "prefix",
    "separator",
    "encoding",
    "framework",
    "capacity",
    "table",
    "allowPorts",
  ])
    assert.ok(names.includes(name), name);
  t.diagnostic(`${names.length} names: ${names.join(" ")}`);
  const expected = await answers(prepare);
  assert.deepEqual(await answers(prepare), expected, "the answers are the same every time");
  for (const name of names) {
    for (const value of VALUES) {
      const ready = prepare();
      Object.defineProperty(Object.prototype, name, {
        __proto__: null,
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
      let found;
      try {
        found = await answers(() => ready);
      } finally {
        delete Object.prototype[name];
      }
      for (const [at, [what, answer]] of expected.entries()) {
        assert.equal(
          found[at][1],
          answer,
          `Object.prototype.${name} = ${String(typeof value === "object" ? JSON.stringify(value) : value)}: ${what}`,
        );
      }
    }
  }
});
