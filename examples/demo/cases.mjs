// What the demo sends, and what has to come back: honest deliveries of every provider, and what goes wrong in the wild.
import { createPublicKey, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { Webhook } from "countersign";
import { ed25519HeadersOf, headersOf } from "./providers.mjs";

const { captured, bodies } = JSON.parse(readFileSync(new URL("deliveries.json", import.meta.url), "utf8"));

const now = Math.floor(Date.now() / 1000);
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const MAX_BYTES = 64 * 1024;

// Secrets in each provider's own form. Those of captured deliveries are the ones they were captured with.
const secrets = {
  plane: "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5",
  planeconnection: "whsec_your_signing_secret",
  plandocket: "your_webhook_secret",
  planasonix: "whsec_01jq8secretxxxxxxxxxxxxxxxx",
  stripe: "whsec_the_new_one_K7pXq2LmVt9RzB4w",
  stripeOld: "whsec_the_old_one_c3Hn8sYdF6uJ1eGa",
  resend: "whsec_plJ3nmyCDGBKInavdOK15jsl",
  svix: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  "standard-webhooks": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
  github: "It's a Secret to Everybody",
  githubOld: "the secret of last year",
};
const seed = Buffer.alloc(32, "countersign demo");

/** The receiver's side: path → Webhook, with every secret that counts. */
export const webhooks = {
  "/plane": new Webhook("plane", secrets.plane),
  "/planeconnection": new Webhook("planeconnection", secrets.planeconnection),
  "/plandocket": new Webhook("plandocket", secrets.plandocket),
  "/planasonix": new Webhook("planasonix", secrets.planasonix),
  "/stripe": new Webhook("stripe", [
    { secret: secrets.stripe, name: "new" },
    { secret: secrets.stripeOld, name: "old", expires: now + DAY },
  ]),
  "/resend": new Webhook("resend", secrets.resend),
  "/svix": new Webhook("svix", secrets.svix),
  "/standard-webhooks": new Webhook("standard-webhooks", [
    { secret: secrets["standard-webhooks"], name: "hmac" },
    { secret: `whpk_${publicKeyOf(seed).toString("base64")}`, name: "ed25519" },
  ]),
  "/github": new Webhook("github", [
    { secret: secrets.github, name: "2026" },
    { secret: secrets.githubOld, name: "2025", expires: now - 1 },
  ]),
};

// The most frequent mistake: a JSON parser gets the body first.
webhooks["/github/after-a-json-parser"] = {
  receive: async (request) => webhooks["/github"].verify({ headers: request.headers, body: await request.json() }),
};

/** The application's own fault, for one delivery. */
export const failsOn = "evt_1subu";

const ids = (function* () {
  for (let n = 1; ; n++) yield `msg_demo_${String(n).padStart(4, "0")}`;
})();

/** A delivery of this provider, signed now unless something else is said. */
function signed(provider, body, { at = now, secret = secrets[provider], id = ids.next().value } = {}) {
  return { path: `/${provider}`, body, headers: headersOf[provider](body, secret, at, id) };
}

/** A delivery as it was captured, signature included. */
function asCaptured(provider, name) {
  return { path: `/${provider}`, ...captured[provider][name] };
}

const flipped = (text, at = text.length >> 1) =>
  text.slice(0, at) + (text[at] === "a" ? "b" : "a") + text.slice(at + 1);
const tampered = (delivery) => ({ ...delivery, body: flipped(delivery.body) });
const withHeaders = (delivery, headers) => ({ ...delivery, headers: { ...delivery.headers, ...headers } });
const without = (delivery, name) => withHeaders(delivery, { [name]: undefined });
const reserialized = (delivery) => ({ ...delivery, body: JSON.stringify(JSON.parse(delivery.body)) });
/** A body of its own for each delivery, so that it is no duplicate. */
const other = (body, n) => JSON.stringify({ ...JSON.parse(body), id: `evt_demo_${n}` });

function publicKeyOf(privateSeed) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), privateSeed]);
  const key = createPublicKey(createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }));
  return key.export({ format: "der", type: "spki" }).subarray(-32);
}

const plane = asCaptured("plane", "issue.created");
const flight = signed("planeconnection", bodies.planeconnection);
const invoice = signed("plandocket", bodies.plandocket);
const job = signed("planasonix", bodies.planasonix);
const checkout = signed("stripe", bodies.stripe.checkout);
const subscription = signed("stripe", bodies.stripe.subscription);
const delivered = signed("resend", bodies.resend.delivered);
const user = signed("svix", bodies.svix);
const finalized = signed("standard-webhooks", bodies["standard-webhooks"]);
const ping = signed("github", bodies.github);

const bothPlaneConnection = (second) =>
  withHeaders(signed("planeconnection", other(bodies.planeconnection, 2)), { "X-PlaneConnection-Signature": second });
const planeConnectionMac = (body) =>
  headersOf.planeconnection(body, secrets.planeconnection, now)["X-Webhook-Signature"];

/** One row each: what is sent; the answer; the event's type or the refusal's code; for events the key that matched. */
const row = (sent, delivery, status, outcome, key) => ({ sent, delivery, status, outcome, key });
const ok = (sent, delivery, type, key = "default") => row(sent, delivery, 200, type, key);

export const providers = [
  {
    title: "Plane",
    rows: [
      ok("captured from Plane 1.3.1, Unicode", plane, "issue.created"),
      ok("captured from Plane 1.3.1, labels", asCaptured("plane", "issue.updated"), "issue.updated"),
      ok("captured from Plane 1.3.1, HTML", asCaptured("plane", "issue_comment.created"), "issue_comment.created"),
      ok("captured from Plane 1.3.1, id only", asCaptured("plane", "project.deleted"), "project.deleted"),
      ok("a v2 event, from Plane's docs", asCaptured("plane", "workitem.comment.created"), "workitem.comment.created"),
      row(
        "a retry under a new delivery id",
        withHeaders(plane, { "X-Plane-Delivery": "c6512080-ec11-46b3-94d7-f710209dc099" }),
        200,
        "duplicate",
      ),
      row("one character of the body changed", tampered(plane), 401, "signature_mismatch"),
      row("body parsed and written again", reserialized(plane), 401, "signature_mismatch"),
      row(
        "signed with another secret",
        signed("plane", plane.body, { secret: `${secrets.plane}0` }),
        401,
        "signature_mismatch",
      ),
      row("no signature header", without(plane, "X-Plane-Signature"), 400, "header_missing"),
      row("GitHub's headers instead", { ...ping, path: "/plane" }, 400, "header_missing"),
      row("GET, as after a redirect", { ...plane, method: "GET", body: "" }, 405, "method_not_allowed"),
      row(
        "70 KB where the cap is 64 KiB",
        signed("plane", JSON.stringify({ pad: "x".repeat(70_000) })),
        413,
        "body_too_large",
      ),
    ],
  },
  {
    title: "PlaneConnection",
    rows: [
      ok("X-Webhook-Signature", flight, "trip.crew_assigned"),
      ok("X-PlaneConnection-Signature, known", asCaptured("planeconnection", "trip.created"), "trip.created"),
      ok(
        "both headers",
        bothPlaneConnection(planeConnectionMac(other(bodies.planeconnection, 2))),
        "trip.crew_assigned",
      ),
      row(
        "both headers, the second one wrong",
        bothPlaneConnection(planeConnectionMac("{}")),
        401,
        "signature_mismatch",
      ),
      ok(
        "first sent 6 hours ago: a retry",
        signed("planeconnection", other(bodies.planeconnection, 3), { at: now - 6 * HOUR }),
        "trip.crew_assigned",
      ),
      row("the same event again", signed("planeconnection", bodies.planeconnection, { at: now + 1 }), 200, "duplicate"),
      row(
        "25 hours old",
        signed("planeconnection", bodies.planeconnection, { at: now - 25 * HOUR }),
        401,
        "timestamp_too_old",
      ),
      row("one character of the body changed", tampered(flight), 401, "signature_mismatch"),
    ],
  },
  {
    title: "PlanDocket",
    rows: [
      ok("signed now", invoice, "invoice.paid"),
      row(
        "10 minutes old",
        signed("plandocket", bodies.plandocket, { at: now - 10 * MINUTE }),
        401,
        "timestamp_too_old",
      ),
      row(
        "10 minutes ahead",
        signed("plandocket", bodies.plandocket, { at: now + 10 * MINUTE }),
        401,
        "timestamp_too_new",
      ),
      row(
        "old signature, new timestamp",
        withHeaders(invoice, { "X-Webhook-Timestamp": String(now + 1) }),
        401,
        "signature_mismatch",
      ),
    ],
  },
  {
    title: "Planasonix",
    rows: [
      ok("signed now", job, "job.succeeded"),
      row(
        "90 seconds ahead, 60 are allowed",
        signed("planasonix", bodies.planasonix, { at: now + 90 }),
        401,
        "timestamp_too_new",
      ),
      row(
        "only the body signed",
        withHeaders(job, {
          "X-Planasonix-Signature": headersOf.plane(job.body, secrets.planasonix)["X-Plane-Signature"],
        }),
        400,
        "header_malformed",
      ),
      row("one character of the body changed", tampered(job), 401, "signature_mismatch"),
    ],
  },
  {
    title: "Stripe",
    rows: [
      ok("signed with the new secret", checkout, "checkout.session.completed", "new"),
      ok(
        "signed with the old secret",
        signed("stripe", bodies.stripe.invoice, { secret: secrets.stripeOld }),
        "invoice.paid",
        "old",
      ),
      ok("a thin event", signed("stripe", bodies.stripe.thin), "v2.core.event_destination.ping", "new"),
      row("the same event, signed again", signed("stripe", bodies.stripe.checkout, { at: now - 1 }), 200, "duplicate"),
      row("our handler fails", subscription, 500, "handler failed"),
      ok("sent again: nothing was lost", subscription, "customer.subscription.updated", "new"),
      row(
        "10 minutes old",
        signed("stripe", bodies.stripe.checkout, { at: now - 10 * MINUTE }),
        401,
        "timestamp_too_old",
      ),
      row("a day ahead", signed("stripe", bodies.stripe.checkout, { at: now + DAY }), 401, "timestamp_too_new"),
      row(
        "signed with another secret",
        signed("stripe", bodies.stripe.checkout, { secret: secrets.resend }),
        401,
        "signature_mismatch",
      ),
      row(
        "only a v0 signature",
        withHeaders(checkout, { "Stripe-Signature": checkout.headers["Stripe-Signature"].replace("v1=", "v0=") }),
        400,
        "header_malformed",
      ),
      row("one character of the body changed", tampered(checkout), 401, "signature_mismatch"),
    ],
  },
  {
    title: "Resend",
    rows: [
      ok("signed now", delivered, "email.delivered"),
      ok("signed now", signed("resend", bodies.resend.bounced), "email.bounced"),
      row("the same delivery again", delivered, 200, "duplicate"),
      row("another svix-id", withHeaders(delivered, { "svix-id": "msg_another" }), 401, "signature_mismatch"),
      row("no svix-timestamp", without(delivered, "svix-timestamp"), 400, "header_missing"),
      row("Stripe's headers instead", { ...checkout, path: "/resend" }, 400, "header_missing"),
    ],
  },
  {
    title: "Svix",
    rows: [
      ok("signed now", user, "user.created"),
      ok("third in a list of signatures", inList(signed("svix", bodies.svix)), "user.created"),
      row("known answer of Svix' SDK, of 2021", asCaptured("svix", "known answer"), 401, "timestamp_too_old"),
      row(
        "body parsed and written again",
        { ...user, body: JSON.stringify(JSON.parse(user.body), null, 2) },
        401,
        "signature_mismatch",
      ),
    ],
  },
  {
    title: "Standard Webhooks",
    rows: [
      ok("HMAC (v1)", finalized, "invoice.finalized", "hmac"),
      ok("Ed25519 (v1a)", ed25519(bodies["standard-webhooks"]), "invoice.finalized", "ed25519"),
      row("Ed25519, one character changed", tampered(ed25519(bodies["standard-webhooks"])), 401, "signature_mismatch"),
      row(
        "webhook-id twice, with two values",
        withHeaders(finalized, { "webhook-id": [finalized.headers["webhook-id"], "msg_2"] }),
        400,
        "header_conflict",
      ),
      row(
        "timestamp with a plus sign",
        withHeaders(finalized, { "webhook-timestamp": `+${now}` }),
        400,
        "header_malformed",
      ),
      row("authentic, but no JSON", signed("standard-webhooks", "authentic"), 422, "payload_invalid"),
    ],
  },
  {
    title: "GitHub",
    rows: [
      ok("ping; its body does not name it", ping, null, "2026"),
      row("example of GitHub's docs: no JSON", asCaptured("github", "hello"), 422, "payload_invalid"),
      row(
        "signed with an expired secret",
        signed("github", bodies.github, { secret: secrets.githubOld }),
        401,
        "signature_mismatch",
      ),
      row(
        "only the old SHA-1 header",
        {
          ...without(ping, "X-Hub-Signature-256"),
          headers: { "X-Hub-Signature": "sha1=7c38d6b4f0aa0d5ee1f2bd9e63c1ff7e6d0b3c5d" },
        },
        400,
        "header_missing",
      ),
      row("to a route that parses JSON first", { ...ping, path: "/github/after-a-json-parser" }, 500, "body_not_raw"),
    ],
  },
];

/** What the dispatcher sends: a provider's dialect and secret, the event, and how it looks when it has arrived. */
export const dispatched = [
  toSend("Plane", "plane", secrets.plane, "issue.created", plane.body),
  toSend("PlaneConnection", "planeconnection", secrets.planeconnection, "trip.crew_assigned", bodies.planeconnection),
  toSend(
    "PlaneConnection",
    "planeconnection",
    secrets.planeconnection,
    "trip.crew_assigned",
    other(bodies.planeconnection, 4),
    { dialect: "settings", sent: "X-PlaneConnection-Signature" },
  ),
  toSend("PlanDocket", "plandocket", secrets.plandocket, "invoice.paid", bodies.plandocket),
  toSend("Planasonix", "planasonix", secrets.planasonix, "job.succeeded", bodies.planasonix),
  toSend("Stripe", "stripe", secrets.stripe, "checkout.session.completed", bodies.stripe.checkout, { key: "new" }),
  toSend("Stripe", "stripe", secrets.stripe, "customer.subscription.updated", bodies.stripe.subscription, {
    key: "new",
    sent: "our handler fails once: sent again",
    attempts: 2,
  }),
  toSend("Resend", "resend", secrets.resend, "email.delivered", bodies.resend.delivered),
  toSend("Svix", "svix", secrets.svix, "user.created", bodies.svix),
  toSend(
    "Standard Webhooks",
    "standard-webhooks",
    secrets["standard-webhooks"],
    "invoice.finalized",
    bodies["standard-webhooks"],
    { key: "hmac" },
  ),
  toSend(
    "Standard Webhooks",
    "standard-webhooks",
    `whsk_${Buffer.concat([seed, publicKeyOf(seed)]).toString("base64")}`,
    "invoice.finalized",
    bodies["standard-webhooks"],
    { key: "ed25519", sent: "Ed25519 (v1a)" },
  ),
  toSend("GitHub", "github", secrets.github, "ping", bodies.github, { key: "2026", type: null }),
];

function toSend(
  title,
  provider,
  secret,
  eventType,
  body,
  { sent = "signed, sent, accepted", dialect, key = "default", type = eventType, attempts = 1 } = {},
) {
  return {
    title,
    sent,
    path: `/${provider}`,
    signing: { provider, dialect },
    secret,
    eventType,
    body,
    key,
    type,
    attempts,
  };
}

function ed25519(body) {
  return { path: "/standard-webhooks", body, headers: ed25519HeadersOf(body, seed, now, ids.next().value) };
}

function inList(delivery) {
  const list = `v2,AAAA v1,${Buffer.alloc(32).toString("base64")} ${delivery.headers["svix-signature"]}`;
  return withHeaders(delivery, { "svix-signature": list });
}
