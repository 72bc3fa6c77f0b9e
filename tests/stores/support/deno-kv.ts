// Runs the shared checks on Deno KV, and prints the report.
import { denoKvReplay } from "countersign/replay/deno-kv";
import { checkAll } from "../../suite/replay.mjs";

const kv: Deno.Kv = await Deno.openKv(Deno.args[0]);
console.log(JSON.stringify(await checkAll(denoKvReplay(kv))));
kv.close();
