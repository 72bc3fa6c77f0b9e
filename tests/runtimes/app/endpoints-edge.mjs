// The same for edge functions: the answer to any request is the report.
import { report } from "./endpoints.mjs";

addEventListener("fetch", (event) => event.respondWith(new Response(JSON.stringify(report()))));
