// Every shared vector against the packed package, imported as an ES module.
import * as lib from "countersign";
import { describeVectors } from "./vectors.mjs";

await describeVectors(lib, "import");
