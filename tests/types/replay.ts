// Handlers and replay stores: what fits, and what must not compile. That real clients fit is checked in tests/stores.
import { Webhook, type Claim, type Event, type HandleOptions, type ReplayStore } from "countersign";
import { d1Replay, type d1Table } from "countersign/replay/d1";
import { denoKvReplay } from "countersign/replay/deno-kv";
import { ReplayObject, durableObjectReplay } from "countersign/replay/durable-object";
import { memoryReplay } from "countersign/replay/memory";
import { postgresReplay, type postgresTable, type TableReplay } from "countersign/replay/postgres";
import { redisReplay } from "countersign/replay/redis";
import { upstashReplay } from "countersign/replay/upstash";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_Holds extends true>(): void {}

const resend = new Webhook("resend", "whsec_");
declare const request: Request;
const replay: ReplayStore = memoryReplay();

// The handler's event is the provider's.
void resend.respond(request, {
  replay,
  lease: 30,
  handler(event) {
    is<Same<typeof event, Event<"resend">>>();
    if (event.type === "email.bounced") void (event.payload.data.bounce.message satisfies string | null | undefined);
  },
  onForgotten(event, error) {
    is<Same<typeof event, Event<"resend">>>();
    is<Same<typeof error, unknown>>();
  },
});
void resend.handle({ headers: {}, body: "" }, { handler: async (event) => event.id, replay });
is<Same<ReturnType<typeof resend.respond>, Promise<Response>>>();
is<Same<ReturnType<typeof resend.receive>, Promise<Event<"resend">>>>();

// @ts-expect-error: without a handler there is nothing to run once
void resend.receive(request, { replay });
// @ts-expect-error: handle is there for the handler
void resend.handle({ headers: {}, body: "" }, { replay });
// @ts-expect-error: so is respond
void resend.respond(request, { replay });
// @ts-expect-error: misspelt
void resend.respond(request, { handler() {}, replays: replay });
// @ts-expect-error: a string is no length
void resend.respond(request, { handler() {}, replay, lease: "60s" });
// @ts-expect-error: a Map is no store
void resend.respond(request, { handler() {}, replay: new Map() });

// Options may be kept apart.
const options: HandleOptions<"resend"> = { handler: (event) => event.replayKey, replay };
void resend.receive(request, options);

// A store of one's own, synchronous or not.
class Own implements ReplayStore {
  claim(key: string, lease: number): Claim {
    return lease > 0 ? { state: "new", token: key } : { state: "in_progress", retryAfter: 1 };
  }
  async commit(_key: string, _token: string, _keep: number): Promise<void> {}
  async release(): Promise<boolean> {
    return true;
  }
}
void resend.receive(request, { handler() {}, replay: new Own() });
const broken: ReplayStore = {
  // @ts-expect-error: a claim that is new has a token
  claim: () => ({ state: "new" }),
  commit() {},
  release() {},
};
void broken;

// What each store takes.
declare const upstashUrl: string | undefined;
const stores: ReplayStore[] = [
  memoryReplay({ capacity: 1000 }),
  upstashReplay({ url: upstashUrl, token: upstashUrl, prefix: "shop:" }),
];
void stores;
const table: TableReplay = postgresReplay(
  { query: async (_text: string, _values: unknown[]) => ({ rows: [] }) },
  { table: "t" },
);
void table.clean();
is<Same<ReturnType<typeof postgresTable>, string>>();
is<Same<ReturnType<typeof d1Table>, string>>();
void ReplayObject;

// @ts-expect-error: an address is no client
redisReplay("redis://localhost");
// @ts-expect-error: nor is a map
redisReplay(new Map());
// @ts-expect-error: a database
d1Replay({});
// @ts-expect-error: a binding
durableObjectReplay({});
// @ts-expect-error: not a Map
denoKvReplay(new Map());
// @ts-expect-error: a client with query
postgresReplay("postgres://localhost");
// @ts-expect-error: in seconds, by handle; a store of its own has no lease
memoryReplay({ lease: 60 });
