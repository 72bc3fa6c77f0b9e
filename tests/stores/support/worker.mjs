// A Worker that runs the shared checks on the stores of Cloudflare.
import { d1Replay, d1Table } from "countersign/replay/d1";
import { ReplayObject, durableObjectReplay } from "countersign/replay/durable-object";
import { checkAll } from "../../suite/replay.mjs";

/** Says beside its work whether it keeps anything; and its alarm can be rung. */
class WatchedObject extends ReplayObject {
  #storage;

  constructor(state) {
    super(state);
    this.#storage = state.storage;
  }

  async fetch(request) {
    if (request.method === "POST") return super.fetch(request);
    if (request.method === "PUT") await this.alarm();
    return Response.json((await this.#storage.list()).size > 0 || (await this.#storage.getAlarm()) !== null);
  }
}

export { WatchedObject as ReplayObject };
export class ReplayObjectKv extends ReplayObject {}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const tasks = {
  async "/d1"({ DB }) {
    const store = d1Replay(DB);
    await store.createTable();
    await store.createTable();
    return checkAll(store);
  },

  async "/d1-clean"({ DB }) {
    await DB.prepare(d1Table("cleaned")).run();
    const store = d1Replay(DB, { table: "cleaned" });
    for (const [key, lease, keep] of [
      ["lease", 600],
      ["late", 0.001],
      ["done", 600, 600],
      ["over", 600, 0.001],
    ]) {
      const { token } = await store.claim(key, lease);
      if (keep) await store.commit(key, token, keep);
    }
    await pause(50);
    await store.clean();
    const { results } = await DB.prepare("SELECT key FROM cleaned ORDER BY key").all();
    return results.map(({ key }) => key);
  },

  "/object": ({ REPLAY }) => checkAll(durableObjectReplay(REPLAY)),
  "/object-kv": ({ REPLAY_KV }) => checkAll(durableObjectReplay(REPLAY_KV)),

  async "/object-left"({ REPLAY }) {
    const store = durableObjectReplay(REPLAY, { prefix: "left:" });
    const keeps = async (key, method) =>
      (await REPLAY.get(REPLAY.idFromName(`left:${key}`)).fetch("https://replay/", { method })).json();
    await store.claim("held", 600);
    await store.release("released", (await store.claim("released", 600)).token);
    await store.commit("kept", (await store.claim("kept", 0.05)).token, 600);
    await store.commit("expired", (await store.claim("expired", 600)).token, 0.05);
    for (let tries = 0; tries < 500 && (await keeps("expired")); tries++) await pause(20);
    // An alarm that was on its way when the key was committed.
    await keeps("kept", "PUT");
    const left = {};
    for (const key of ["held", "released", "expired", "kept"]) left[key] = await keeps(key);
    return left;
  },
};

export default {
  async fetch(request, env) {
    try {
      return Response.json(await tasks[new URL(request.url).pathname](env));
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
