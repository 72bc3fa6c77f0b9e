// How much memory is in use once what nobody needs is gone.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

/** In MiB. */
export function heapUsed() {
  gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
