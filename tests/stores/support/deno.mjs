// A program for Deno that checks its key-value store.
import { denoKvReplay } from "countersign/replay/deno-kv";
import { checkReplayStore } from "../../suite/replay.mjs";

const kv = await Deno.openKv(":memory:");
await checkReplayStore(denoKvReplay(kv));
kv.close();
console.log("ok");
