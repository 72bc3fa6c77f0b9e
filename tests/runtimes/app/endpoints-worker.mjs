// The same for Workers: the answer to any request is the report.
import { report } from "./endpoints.mjs";

export default { fetch: () => new Response(JSON.stringify(report())) };
