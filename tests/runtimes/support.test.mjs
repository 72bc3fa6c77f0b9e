// The verdict that all runtimes share must be able to fail.
import assert from "node:assert/strict";
import { test } from "node:test";
import { vectorFiles } from "../node/vectors.mjs";
import { checkNames } from "./app/suite.mjs";
import { assertPassed } from "./support.mjs";

test("a report that lacks a case or a check, or in which one failed, is refused", (t) => {
  const cases = vectorFiles().reduce((sum, { numberOfTests }) => sum + numberOfTests, 0);
  const checks = Object.fromEntries(checkNames().map((name) => [name, "ok"]));
  const vectors = { cases, passed: cases, runs: cases, skips: {}, failed: 0, failures: [] };
  assertPassed(t, { vectors, checks });

  const [first] = checkNames();
  const { [first]: _, ...fewer } = checks;
  const refused = [
    { vectors: { ...vectors, cases: cases - 1, passed: cases - 1 }, checks },
    { vectors: { ...vectors, passed: cases - 1 }, checks },
    { vectors: { ...vectors, failed: 1, failures: ["github/1"] }, checks },
    { vectors, checks: fewer },
    { vectors, checks: { ...checks, [first]: "Error" } },
    { vectors, checks: {} },
  ];
  for (const report of refused) assert.throws(() => assertPassed(t, report), assert.AssertionError);
});
