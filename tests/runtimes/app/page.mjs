// The program for pages: runs the suite here, in a module worker and in a service worker, whichever a test asks for.
import * as main from "countersign";
import { diagnose } from "countersign/diagnose";
import { firstUse, report } from "./suite.mjs";
import files from "./vectors.mjs";

const lib = { ...main, diagnose };

const first = firstUse(lib);

const answer = (target) =>
  new Promise((resolve, reject) => {
    target.addEventListener("message", ({ data }) => resolve(data), { once: true });
    target.addEventListener("error", ({ message }) => reject(new Error(message)), { once: true });
  });

globalThis.suites = {
  page: () => report(lib, files, first),
  worker() {
    const worker = new Worker("/worker.js", { type: "module" });
    worker.postMessage("run");
    return answer(worker);
  },
  async serviceWorker() {
    await navigator.serviceWorker.register("/worker.js", { type: "module" });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage("run");
    navigator.serviceWorker.startMessages();
    return answer(navigator.serviceWorker);
  },
};
