// Every check of the shared suite as a test of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, checks } from "../../suite/replay.mjs";

/** @param makeStore is called when the tests run; `skip` is why they do not. */
export function testStore(name, makeStore, skip) {
  if (skip) return void test(`${name}: every check`, { skip }, () => {});
  for (const what of Object.keys(checks)) {
    test(`${name}: ${what}`, async () => check(what, await makeStore()));
  }
}

/** The same where the checks have run in another runtime. */
export function testReport(name, report) {
  for (const what of Object.keys(checks)) {
    test(`${name}: ${what}`, async () => {
      const { passed, failed } = await report();
      assert.ok(passed.includes(what), failed[what] ?? "it did not run");
    });
  }
}
