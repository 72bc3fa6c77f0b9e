// The same for runtimes with a command line: prints the report as one line of JSON.
import { report } from "./endpoints.mjs";

console.log(JSON.stringify(report()));
