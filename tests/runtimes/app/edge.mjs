// The program for Vercel-style edge functions: the answer to any request is the report.
import * as main from "countersign";
import { diagnose } from "countersign/diagnose";
import { firstUse, report } from "./suite.mjs";
import files from "./vectors.mjs";

const lib = { ...main, diagnose };

const first = firstUse(lib);

addEventListener("fetch", (event) => {
  event.respondWith(report(lib, files, first).then((result) => new Response(JSON.stringify(result))));
});
