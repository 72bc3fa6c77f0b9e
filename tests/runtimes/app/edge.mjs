// The program for Vercel-style edge functions: the answer to any request is the report.
import * as lib from "countersign";
import { firstUse, report } from "./suite.mjs";
import files from "./vectors.mjs";

const first = firstUse(lib);

addEventListener("fetch", (event) => {
  event.respondWith(report(lib, files, first).then((result) => new Response(JSON.stringify(result))));
});
