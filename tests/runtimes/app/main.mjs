// The program for runtimes with a command line: prints its report as one line of JSON.
import * as main from "countersign";
import { diagnose } from "countersign/diagnose";
import { firstUse, report } from "./suite.mjs";
import files from "./vectors.mjs";

const lib = { ...main, diagnose };

const first = firstUse(lib);
console.log(JSON.stringify(await report(lib, files, first)));
