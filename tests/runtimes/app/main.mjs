// The program for runtimes with a command line: prints its report as one line of JSON.
import * as lib from "countersign";
import { firstUse, report } from "./suite.mjs";
import files from "./vectors.mjs";

const first = firstUse(lib);
console.log(JSON.stringify(await report(lib, files, first)));
