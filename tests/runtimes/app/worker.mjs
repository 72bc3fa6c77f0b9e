// The program for Cloudflare Workers: /hook receives deliveries, everything else gets the report.
import * as main from "countersign";
import { diagnose } from "countersign/diagnose";
import { firstUse, report } from "./suite.mjs";
import files from "./vectors.mjs";

const lib = { ...main, diagnose };

// While the Worker starts, where compiling from bytes and waiting are both refused.
const first = firstUse(lib);
const webhook = new lib.Webhook("github", "a secret of the test");

export default {
  async fetch(request) {
    if (new URL(request.url).pathname !== "/hook") return Response.json(await report(lib, files, first));
    return webhook.respond(request, { handler() {} });
  },
};
