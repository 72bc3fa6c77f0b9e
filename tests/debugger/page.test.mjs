// The debugger in Chromium: what it says of good and of broken deliveries, however they are entered.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { codes, enter, example, settled, setUp, skip } from "./support.mjs";

const VECTORS = fileURLToPath(new URL("../vectors/", import.meta.url));
const read = (...path) => JSON.parse(readFileSync(join(VECTORS, ...path), "utf8")).cases;
const examples = JSON.parse(readFileSync(new URL("../../examples/debugger/examples.json", import.meta.url), "utf8"));
const by = (provider) => examples.find((one) => one.provider === provider);

const open = setUp();
let page;
const inPage = (name, run) =>
  test(name, { skip }, async (t) => {
    const opened = await open(t);
    page = opened.page;
    await run(t);
    assert.deepEqual(opened.failed, []);
  });

test("every example is a case of the vectors, so its signature is another implementation's", () => {
  for (const { provider, vector, secret, headers, body } of examples) {
    const same = read(`${provider}.json`).find(({ id }) => id === vector);
    assert.equal(same.result, "valid");
    assert.deepEqual({ secret, body }, { secret: same.secret, body: same.body });
    for (const pair of same.headers)
      assert.ok(
        headers.some((own) => `${own}` === `${pair}`),
        `${provider}: ${pair[0]}`,
      );
  }
});

inPage("it opens on an example and has verified it", async () => {
  assert.equal(await page.textContent("#verdict-title"), "Authentic: invoice.paid from Stripe.");
  assert.equal(await page.locator("#steps > li.bad").count(), 0);
});

inPage("every provider has an example, and all of them verify", async () => {
  const titles = await page.locator("#example optgroup").first().locator("option").allTextContents();
  const providers = (await page.locator("#provider option").evaluateAll((all) => all.map(({ value }) => value))).filter(
    (name) => name !== "" && name !== "custom",
  );
  assert.deepEqual(examples.map(({ provider }) => provider).sort(), providers.sort());
  for (const title of titles) {
    assert.match(await example(page, title), /^Authentic/, title);
    assert.deepEqual(await codes(page), { verdict: "Valid", causes: [] });
    assert.ok((await page.locator("#event .tree").count()) === 1, title);
  }
});

inPage("every broken example names its cause", async () => {
  const expected = {
    "A line break was added to the body": ["body_newline_added"],
    "The body was parsed and written again": ["body_reserialized"],
    "The API key instead of the signing secret": ["secret_wrong_kind"],
    "The secret ends in a line break": ["secret_whitespace"],
    "It came two hours late": ["clock_skew"],
    "The signature was cut": ["signature_truncated"],
    "The secret of another endpoint": [],
  };
  const titles = await page.locator("#example optgroup").nth(1).locator("option").allTextContents();
  assert.deepEqual(titles, Object.keys(expected));
  for (const [title, causes] of Object.entries(expected)) {
    await example(page, title);
    const found = await codes(page);
    assert.deepEqual(found.causes, causes, title);
    assert.match(found.verdict, causes[0] === "clock_skew" ? /^Signature: right/ : /^Refused/, title);
  }
  assert.match(await page.textContent("#verdict"), /known mistakes ruled out/);
});

/** One case for each cause, each from another provider as far as there is one. */
function onePerCause() {
  const files = readdirSync(join(VECTORS, "diagnose"))
    .filter((name) => !["custom-bare.json", "schema.json"].includes(name))
    .sort();
  const chosen = new Map();
  // A provider's own case is better than one of a scheme, where both are there.
  files.sort((a, b) => Number(a === "custom.json") - Number(b === "custom.json"));
  for (const [at, file] of files.entries()) {
    for (const one of read("diagnose", file)) {
      const [code] = one.causes;
      // An empty secret is one that was not entered yet.
      const secrets = one.secrets ?? [one.secret];
      if (one.causes.length !== 1 || secrets.every((given) => (given?.secret ?? given).trim() === "")) continue;
      const turn = ([...code].reduce((sum, char) => sum + char.charCodeAt(0), 0) + at) % files.length;
      if (!chosen.has(code) || (turn < chosen.get(code).turn && one.scheme === undefined))
        chosen.set(code, { ...one, secrets, provider: file.replace(".json", ""), turn });
    }
  }
  return chosen;
}

inPage("every cause is named that can be entered", async (t) => {
  const chosen = onePerCause();
  assert.ok(chosen.size >= 35, `${chosen.size} causes`);
  for (const [code, one] of chosen) {
    const body = one.bodyHex === undefined ? one.body : Buffer.from(one.bodyHex, "hex");
    await enter(page, { ...one, body });
    assert.deepEqual((await codes(page)).causes, [code], `${one.provider} ${one.id}`);
  }
  t.diagnostic(`${chosen.size} causes: ${[...chosen.keys()].sort().join(", ")}`);
});

const { headers, body, secret } = by("resend");
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const PASTED = {
  "a raw HTTP request": `POST /webhooks HTTP/1.1\r\nHost: example.com\r\n${headers.map((pair) => pair.join(": ")).join("\r\n")}\r\n\r\n${body}`,
  "a curl command": `curl -X POST https://example.com/webhooks ${headers.map((pair) => `\\\n  -H ${quoted(pair.join(": "))}`).join(" ")} \\\n  --data-raw ${quoted(body)}`,
  "a HAR file": JSON.stringify({
    log: {
      entries: [
        {
          request: {
            method: "POST",
            url: "https://example.com/webhooks",
            headers: headers.map(([name, value]) => ({ name, value })),
            postData: { mimeType: "application/json", text: body },
          },
        },
      ],
    },
  }),
  "JSON with headers and body": JSON.stringify({ headers: Object.fromEntries(headers), body }),
  "a Lambda event": JSON.stringify({
    headers: Object.fromEntries(headers),
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
  }),
};

for (const [name, text] of Object.entries(PASTED)) {
  inPage(`pasted: ${name}`, async () => {
    await page.fill("#paste", text);
    await settled(page);
    assert.match(await page.textContent("#paste-said"), /^Read as /);
    // Resend's deliveries are Svix's.
    assert.equal(await page.textContent("#provider-said"), "Detected: Svix");
    assert.match(await page.textContent("#verdict-title"), /^Enter the signing secret/, "the example's secret is gone");
    await page.locator(".secret").fill(secret);
    await page.waitForFunction(() => /^Authentic/.test(document.querySelector("#announce").textContent));
    // It is of years ago.
    assert.match(await page.textContent("#verdict-title"), /^Signature: right Time: refused now, \d+ years behind/);
  });
}

inPage("pasted: JSON with headers alone, and the body into its field", async () => {
  await page.fill("#paste", JSON.stringify(Object.fromEntries(by("plane").headers)));
  assert.match(await page.textContent("#paste-said"), /no body/);
  await page.fill("#body", by("plane").body);
  await page.locator(".secret").fill(by("plane").secret);
  await page.waitForFunction(() =>
    /^Authentic: issue_comment.created from Plane/.test(document.querySelector("#announce").textContent),
  );
});

inPage("pasted: what is none of these is said, and no verdict is left standing", async () => {
  for (const [text, said] of [
    ['{"log": ', /none/],
    ["hello", /line 1 of it is no header/],
    ["[1, 2]", /no headers/],
    ['{"id":"evt_1","type":"invoice.paid"}', /may be the body of a delivery/],
  ]) {
    await page.fill("#paste", text);
    await settled(page);
    assert.match(await page.textContent("#paste-said"), said);
    assert.equal(await page.textContent("#verdict-title"), "What was pasted could not be read.");
    assert.match(await page.textContent("#verdict"), said);
  }
});

inPage("a wrong secret and an ordinary body: nothing is called large, and the hints are the provider's", async () => {
  await page.locator(".secret").fill("whsec_another_one");
  await page.waitForFunction(() => /^No signature/.test(document.querySelector("#announce").textContent));
  const shown = await page.textContent("#verdict");
  assert.match(shown, /stripe listen/);
  assert.match(shown, /body_reserialized/);
  assert.ok(!/large|the table/.test(shown), shown);
});

inPage("a time that a receiver refuses now is a fact of the headline, in both directions", async () => {
  for (const [ahead, far] of [
    [-480, "8 minutes behind this clock"],
    [480, "8 minutes ahead of this clock"],
  ]) {
    const at = Math.floor(Date.now() / 1000) + ahead + (ahead > 0 ? 20 : -20);
    const sent = [
      ["Stripe-Signature", `t=${at},v1=${createHmac("sha256", "whsec_of_ours").update(`${at}.{}`).digest("hex")}`],
    ];
    await page.fill("#paste", JSON.stringify({ headers: Object.fromEntries(sent), body: "{}" }));
    await page.locator(".secret").fill("whsec_of_ours");
    await page.waitForFunction(() => /Time: refused now/.test(document.querySelector("#announce").textContent));
    assert.equal(await page.textContent("#announce"), `Authentic, from Stripe. Time: refused now, ${far}.`);
    assert.match(await page.textContent("#verdict-title"), new RegExp(`^Signature: right Time: refused now, ${far}`));
    await page.check("[name=clock][value=now]");
    await page.waitForFunction(() => /Time: refused, /.test(document.querySelector("#announce").textContent));
    assert.match(await page.textContent("#verdict-title"), new RegExp(`Signature: right.*Time: refused, ${far}`));
    assert.ok(!/undoing it/.test(await page.textContent("#verdict")));
  }
});

inPage("weak signs name the provider, and say what is missing", async () => {
  await page.fill("#paste", "POST / HTTP/1.1\nX-GitHub-Event: push\nX-Hub-Signature: sha1=00\n\n{}");
  await settled(page);
  assert.match(await page.textContent("#provider-said"), /^Probably: GitHub\. .*X-Hub-Signature-256, .* is missing/);
});

inPage("a dropped file is the raw body, byte for byte", async () => {
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array([0xff, 0x00, 0x0d, 0x0a])], "raw.bin"));
    document
      .querySelector("#drop")
      .dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => document.querySelector("#body-said").textContent.startsWith("4 bytes from raw.bin"));
  await page.getByRole("button", { name: "Hex" }).click();
  assert.match(await page.textContent(".bytes.hex"), /2e {1,2}ff 00 0d 0a/);
});

inPage("what is invisible is shown, and stands out at the end", async () => {
  await example(page, "A line break was added to the body");
  assert.equal(await page.locator(".bytes .at-end").textContent(), "LF");
});

inPage("the signed bytes begin with what the provider puts before the body", async () => {
  assert.match(await page.textContent(".bytes"), /^1614556800\.\{/);
  await example(page, "Resend: email.bounced");
  assert.match(await page.textContent(".bytes"), /^msg_2Lh9KRb0pzN4LePd3XiA4v12Axj\.1614265330\.\{/);
});

inPage("the clock decides", async () => {
  await page.check("[name=clock][value=now]");
  await page.waitForFunction(() => document.querySelector("#verdict .badge code")?.textContent === "timestamp_too_old");
  assert.deepEqual((await codes(page)).causes, ["clock_skew"]);
  await page.check("[name=clock][value=custom]");
  await page.fill("#clock-time", "2021-03-01T00:04:59");
  await page.waitForFunction(() => /^Authentic/.test(document.querySelector("#announce").textContent));
});

inPage("a large body is worked on beside the page, which says so and goes on", async () => {
  const secret = "a secret of nobody";
  const body = JSON.stringify(
    Array.from({ length: 20_000 }, (_, at) => ({ id: at, amount: at / 4, text: "Zoë / <b>" })),
  );
  await enter(page, {
    provider: "plane",
    secrets: [secret],
    headers: [["X-Plane-Signature", "0".repeat(64)]],
    body: "{}",
    now: 1_767_225_600,
  });
  await page.setInputFiles("#file", { name: "large.json", mimeType: "application/json", buffer: Buffer.from(body) });
  await page.waitForFunction(() => document.querySelector("#working").checkVisibility());
  await settled(page);
  assert.match(await page.textContent("#verdict .badge"), /^Refused/);
  assert.equal(await page.locator("#working").isVisible(), false);
});

inPage("the framework's own code is in the fix", async () => {
  await example(page, "The body was parsed and written again");
  await page.selectOption("#framework", "express");
  await settled(page);
  assert.match(await page.textContent(".fix-code"), /express\.raw/);
});

inPage("what the signature does not cover is marked", async () => {
  await example(page, "PlaneConnection: trip.created");
  const row = (name) =>
    page
      .locator("#covered tr", { has: page.locator(`th:text-is("${name}")`) })
      .locator(".tag")
      .textContent();
  assert.equal(await row("X-Webhook-ID"), "not covered");
  assert.equal(await row("X-Webhook-Timestamp"), "not covered");
  assert.equal(await row("X-Webhook-Signature"), "the signature");
  assert.equal(await row("Body"), "covered");
  assert.match(await page.locator("#event dd", { hasText: "UTC" }).first().textContent(), /not covered/);
  await example(page, "Svix: user.created");
  assert.equal(await row("svix-id"), "covered");
});

inPage("the first step that fails is open", async () => {
  await example(page, "The signature was cut");
  const open = await page.locator("#steps details[open] .step-title").allTextContents();
  assert.deepEqual(open, ["Signature header"]);
  const shapes = await page.locator(".shape dd").allTextContents();
  assert.equal(shapes[0], "sha256=<64 characters of hex>");
  assert.match(shapes[1], /^sha256=<32 characters of hex>$/);
});

inPage("a scheme of one's own is data", async () => {
  const one = read("custom.json").find(({ id }) => id === "plain");
  const { scheme } = one;
  await page.selectOption("#provider", "custom");
  await page.fill("#scheme", "{");
  await page.waitForFunction(() => document.querySelector("#verdict-title").textContent === "The scheme is not JSON.");
  await enter(page, { ...one, provider: "custom", secrets: [one.secret] });
  assert.match(await page.textContent("#verdict-title"), /^Authentic/);
  await page.fill("#scheme", JSON.stringify({ ...scheme, signed: "nothing of it" }));
  await page.waitForFunction(() => document.querySelector("#verdict .badge.bad"));
  assert.doesNotMatch(await page.textContent("main"), new RegExp(one.secret));
});

inPage("with the keyboard alone: paste, secret, steps, answer", async () => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  const to = async (id, most = 40) => {
    for (let times = 0; times < most; times++) {
      if (await page.evaluate((id) => document.activeElement.matches(id), id)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${id} is not reached`);
  };
  await to("#paste");
  await page.keyboard.insertText(PASTED["a curl command"]);
  await to(".secret");
  await page.keyboard.insertText(secret);
  await page.waitForFunction(() => /^Authentic/.test(document.querySelector("#announce").textContent));
  await to("#steps summary");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.parentElement.open), true);
});

inPage("a secret is nowhere in the result, the address or the storage", async () => {
  for (const mode of ["verify", "sign"]) {
    await page.check(`[name=mode][value=${mode}]`, { force: true });
    for (const [provider, list] of [
      ["resend", [by("resend").secret]],
      ["stripe", ["whsec_wrong_but_very_private_000"]],
    ]) {
      if (mode === "verify") await enter(page, { ...by(provider), provider, secrets: list, now: 1614556800 });
      const seen = await page.evaluate(() =>
        [
          document.querySelector("main").textContent,
          location.href,
          document.cookie,
          JSON.stringify(localStorage),
          JSON.stringify(sessionStorage),
          JSON.stringify(history.state),
          document.title,
        ].join("\n"),
      );
      for (const one of list) assert.ok(!seen.includes(one.replace(/^whsec_/, "")), `${mode} ${provider}`);
    }
  }
});
