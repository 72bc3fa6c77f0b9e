// A Worker that checks the stores of its platform: /d1 and /durable-object.
import { d1Replay } from "countersign/replay/d1";
import { durableObjectReplay } from "countersign/replay/durable-object";
import { checkReplayStore } from "../../suite/replay.mjs";

export { ReplayObject } from "countersign/replay/durable-object";

export default {
  async fetch(request, env) {
    const d1 = d1Replay(env.DB);
    const stores = { "/d1": d1, "/durable-object": durableObjectReplay(env.REPLAY) };
    try {
      await d1.createTable();
      await checkReplayStore(stores[new URL(request.url).pathname]);
      return new Response("ok");
    } catch (error) {
      return new Response(String(error?.stack ?? error));
    }
  },
};
