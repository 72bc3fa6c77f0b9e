// Deno: PlaneConnection's webhooks, each handled once, with Deno KV as the memory.
//   PLANECONNECTION_WEBHOOK_SECRET=… PORT=8000 deno task start
import { Webhook } from "countersign";
import { denoKvReplay } from "countersign/replay/deno-kv";

const webhook = new Webhook("planeconnection", Deno.env.get("PLANECONNECTION_WEBHOOK_SECRET"));
const replay = denoKvReplay(await Deno.openKv());

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, (request) => {
  if (new URL(request.url).pathname !== "/webhooks/planeconnection") return new Response("not here", { status: 404 });
  return webhook.respond(request, {
    replay,
    handler: (event) => {
      if (event.type === "trip.created") console.log(`new trip: ${event.payload.data.trip_id}`);
      else console.log(`nothing to do for ${event.type}`);
    },
  });
});
