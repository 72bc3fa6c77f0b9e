// What narrowing gives, for at least one type of every provider. tsc runs this file; nothing executes it.
import { Webhook, type Event, type Events, type Provider, type Scheme } from "countersign";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_Holds extends true>(): void {}

declare const body: Uint8Array;
const headers: [string, string][] = [];
const delivery = { headers, body };

const resend = new Webhook("resend", "whsec_").verify(delivery);
if (resend.type === "email.bounced") {
  const kind: string | null | undefined = resend.payload.data.bounce.type;
  const to: string[] | null | undefined = resend.payload.data.to;
  void [kind, to];
} else {
  // @ts-expect-error: another type has no bounce
  void resend.payload.data.bounce;
}
switch (resend.type) {
  case "email.clicked":
    void (resend.payload.data.click.link satisfies string | null | undefined);
    break;
  case "email.opened":
    void (resend.payload.data.open.timestamp satisfies string | null | undefined);
    // @ts-expect-error: another type's
    void resend.payload.data.click;
    break;
  case "contact.created":
  case "contact.deleted":
    void (resend.payload.data.email satisfies string | null | undefined);
    // @ts-expect-error: a provider may leave out every field that no type needs
    void (resend.payload.data.email satisfies string);
    break;
  case "domain.updated":
    void (resend.payload.data.name satisfies string | null | undefined);
    break;
  case null:
    void (resend.payload.type satisfies string);
    break;
  // @ts-expect-error: no such type
  case "email.bounce":
    break;
  default:
    void (resend.payload.created_at satisfies string | null | undefined);
}

const stripe = new Webhook("stripe", "whsec_").verify(delivery);
if (stripe.type === "invoice.paid") {
  void (stripe.payload.data.object.id satisfies string | null | undefined);
  is<Same<typeof stripe.payload.object, "event">>();
} else if (stripe.type === "checkout.session.completed") {
  void (stripe.payload.data.object.payment_status satisfies string | null | undefined);
}
if (stripe.type !== null && stripe.type !== "invoice.paid" && stripe.payload.object === "v2.core.event") {
  // A thin event carries no object.
  // @ts-expect-error
  void stripe.payload.data.object.id;
  void (stripe.payload.type satisfies string);
}

const plane = new Webhook("plane", "plane_wh_").verify(delivery);
if (plane.type === "issue.updated") {
  void (plane.payload.data.id satisfies string | null | undefined);
  void (plane.payload.action satisfies string);
  void (plane.payload.workspace_id satisfies string | null | undefined);
  void (plane.payload.activity?.field satisfies string | null | undefined);
}
if (plane.type === "workitem.created") void (plane.payload.event_id satisfies string);
if (plane.type === "agent_run.prompted") void plane.payload.agent_run;

const planeconnection = new Webhook("planeconnection", "secret", { dialect: "settings" }).verify(delivery);
if (planeconnection.type === "trip.created") {
  void (planeconnection.payload.data.trip_id satisfies string | null | undefined);
  void (planeconnection.payload.workspace_id satisfies string | null | undefined);
}
if (planeconnection.type === "invoice.overdue") void (planeconnection.payload.data["anything"] satisfies unknown);

const plandocket = new Webhook("plandocket", "secret").verify(delivery);
if (plandocket.type === "booth.assigned") void (plandocket.payload.data satisfies unknown);
const planasonix = new Webhook("planasonix", "secret").verify(delivery);
if (planasonix.type === "job.failed") void (planasonix.payload.event_id satisfies unknown);

// GitHub's signed body does not say which event it is.
const github = new Webhook("github", "secret").verify(delivery);
is<Same<typeof github.type, null>>();
void (github.payload.repository?.full_name satisfies string | null | undefined);
void (github.payload.sender?.login satisfies string | null | undefined);

// Providers whose types are the application's own: any text can be compared with.
const svix = new Webhook("svix", "whsec_").verify(delivery);
if (svix.type === "user.created") void (svix.payload.data satisfies unknown);
const standard = new Webhook("standard-webhooks", "whsec_").verify(delivery);
switch (standard.type) {
  case "user.created":
    void (standard.payload.data satisfies unknown);
    break;
  case null:
    // Any JSON.
    is<Same<typeof standard.payload, unknown>>();
    break;
  default:
    void (standard.payload.type satisfies string);
}

// A type that nobody listed falls to the fallback, for every provider.
function fallback(event: Event<"resend">): string | null | undefined {
  if (event.type === null) return "none";
  if (event.type.startsWith("email.")) return event.type;
  switch (event.type) {
    case "email.sent":
      return event.payload.data.email_id;
    default: {
      const type: string = event.type;
      return type;
    }
  }
}
void fallback;

// A webhook of one provider gives that provider's events only.
declare const one: Webhook<"stripe">;
const event = one.verify(delivery);
is<Same<typeof event, Event<"stripe">>>();
is<Same<typeof event.provider, "stripe">>();
// @ts-expect-error: not one of Stripe's
if (event.type === "email.bounced") void event;
// @ts-expect-error: a webhook of another provider
const other: Webhook<"stripe"> = new Webhook("github", "secret");
void other;

async function received(request: Request): Promise<void> {
  const event = await one.receive(request, { now: new Date(), maxBytes: 1000 });
  is<Same<typeof event, Event<"stripe">>>();
}
void received;

// All of them at once: the provider narrows too.
declare const any: Event<Provider>;
is<Same<typeof any.provider, Provider>>();
if (any.provider === "resend" && any.type === "email.bounced") void any.payload.data.bounce.message;
if (any.provider === "plane" && any.type === "issue.created") void any.payload.data.id;
is<Same<Provider, keyof Events>>();

// The facts are the same for every provider.
is<Same<typeof any.id, string | null>>();
is<Same<typeof any.timestamp, number | null>>();
is<Same<typeof any.raw, Uint8Array>>();
is<Same<typeof any.key, string>>();
is<Same<typeof any.replayKey, string>>();
is<Same<typeof any.expires, number>>();
is<Same<typeof any.authenticated.id, boolean>>();
is<Same<ReturnType<typeof any.json>, unknown>>();
// @ts-expect-error: facts do not change
any.id = "other";

// A scheme of one's own knows no payload.
const acme = new Webhook({ signature: { header: "X-Acme", encoding: "hex" }, signed: "{body}" }, "secret").verify(
  delivery,
);
is<Same<typeof acme.provider, "custom">>();
is<Same<typeof acme.type, string | null>>();
is<Same<typeof acme.payload, unknown>>();

// A name is its provider's.
const scheme = { signature: { header: "X-Acme", encoding: "hex" }, signed: "{body}" } as const;
const named = new Webhook({ ...scheme, name: "acme" }, "secret", { scope: "tenant-7" });
is<Same<typeof named, Webhook<"acme">>>();
is<Same<ReturnType<typeof named.verify>["payload"], unknown>>();
declare const any_scheme: Scheme;
is<Same<ReturnType<typeof anyOf>["provider"], string>>();
function anyOf() {
  return new Webhook(any_scheme, "secret");
}
// @ts-expect-error: a name is a text
new Webhook({ ...scheme, name: 7 }, "secret");
// @ts-expect-error: a scope is a text
new Webhook("stripe", "secret", { scope: 7 });

// A Webhook with its type written out, as in a field, a result or a parameter. (TypeScript has found that too complex.)
class Holder {
  readonly webhook: Webhook<"resend"> = new Webhook("resend", "whsec_");
}
let later: Webhook<"stripe"> | undefined;
later ??= new Webhook("stripe", "whsec_");
const made = (secret: string): Webhook<"plane"> => new Webhook("plane", secret);
const every: readonly Webhook[] = [new Holder().webhook, later, made("plane_wh_")];
declare function provided<P extends string>(webhook: Webhook<P>): Event<P>;
is<Same<ReturnType<typeof provided<"stripe">>, Event<"stripe">>>();
void [every, provided(later).payload.type];
// @ts-expect-error: another provider's
later = new Holder().webhook;
