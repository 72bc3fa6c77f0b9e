// The program for a page's module worker and service worker: the answer to any message is the report.
import * as main from "countersign";
import { diagnose } from "countersign/diagnose";
import { firstUse, report } from "./suite.mjs";
import files from "./vectors.mjs";

const lib = { ...main, diagnose };

const first = firstUse(lib);

addEventListener("message", (event) => {
  // A service worker has many pages, and ends when it has nothing to wait for.
  const asker = event.source ?? self;
  const sent = report(lib, files, first).then((result) => asker.postMessage(result));
  event.waitUntil?.(sent);
});
