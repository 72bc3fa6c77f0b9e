// For everybody: axe-core finds nothing, nothing is wider than the screen, and screenshots for people to look at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { SHOTS, example, settled, setUp, skip, visit } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const open = setUp();

const SCREENS = [
  ["wide", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
];

/** What the page can show. */
const STATES = {
  valid: async () => {},
  newline: async (page) => {
    await example(page, "A line break was added to the body");
    await page.selectOption("#framework", "express");
  },
  secret: (page) => example(page, "The API key instead of the signing secret"),
  unknown: (page) => example(page, "The secret of another endpoint"),
  cut: (page) => example(page, "The signature was cut"),
  empty: (page) => example(page, "Your own delivery"),
  expired: async (page) => {
    await page.check("#ends");
    await page.locator(".end input").fill("2021-01-01T00:00:00");
  },
  hex: (page) => page.getByRole("button", { name: "Hex" }).click(),
  sign: (page) => page.check("[name=mode][value=sign]", { force: true }),
};

for (const [screen, viewport] of SCREENS) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${screen}, ${colorScheme}`, { skip }, async (t) => {
      // axe is no part of the page, so it comes in past the policy; the policy has a test of its own.
      const { page, address } = await open(t, { viewport, colorScheme, bypassCSP: true, reducedMotion: "reduce" });
      for (const [state, go] of Object.entries(STATES)) {
        await visit(page, address);
        await go(page);
        await settled(page);
        await page.screenshot({ path: join(SHOTS, `${state}-${screen}-${colorScheme}.png`), fullPage: true });
        assert.ok(await fits(page), `${state} is wider than the screen`);
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
        );
        assert.deepEqual(found, [], `${state}, ${screen}, ${colorScheme}`);
        assert.ok(passes.length > 20);
        assert.ok(await fits(page), `${state}, all open, is wider than the screen`);
      }
    });
  }
}

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

test("text as long as German's breaks nothing, down to 320 pixels", { skip }, async (t) => {
  for (const width of [1280, 390, 320]) {
    const { page } = await open(t, { viewport: { width, height: 800 } });
    await example(page, "A line break was added to the body");
    const outside = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode())
        if (walker.currentNode.data.trim() && !walker.currentNode.parentElement.closest("script, textarea"))
          texts.push(walker.currentNode);
      for (const text of texts) text.data = `${text.data} Signaturüberprüfungsfehlermeldung`;
      const wide = document.documentElement.scrollWidth - innerWidth;
      const cut = [...document.querySelectorAll("button, label, summary, legend, h1, h2, .tag, .badge")].filter(
        (element) =>
          !element.closest(".hidden") && element.offsetParent && element.getBoundingClientRect().right > innerWidth + 1,
      );
      const narrow = [...document.querySelectorAll("dt, dd, th, td, label")].filter(
        (element) => element.offsetParent && !element.closest(".hidden") && element.offsetWidth < 60,
      );
      return {
        wide,
        narrow: narrow.map((element) => element.textContent.slice(0, 40)),
        cut: cut.map((element) => element.textContent.slice(0, 40)),
      };
    });
    assert.ok(outside.wide <= 0, `${outside.wide} pixels too wide at ${width}`);
    assert.deepEqual(outside.cut, []);
    assert.deepEqual(outside.narrow, [], "a column of single letters");
    if (width === 390) await page.screenshot({ path: join(SHOTS, "german-phone-light.png"), fullPage: true });
  }
});
