// A body for each provider and event type, to send and to sign: those that the tests were made from, and a few more.
import { differences, names as namesOf } from "./validate.js";
import { events } from "./generated/event-types.js";
import { presets } from "./generated/presets.js";
import type { Provider } from "./generated/providers.js";
import captured from "countersign-samples";

/** Bodies of providers that sign any body; GitHub names the event in a header only. */
const OWN: { readonly [P in Provider]?: Readonly<Record<string, object>> } = {
  github: {
    ping: {
      zen: "Keep it logically awesome.",
      hook_id: 1,
      hook: { type: "Repository", id: 1, active: true, events: ["push"] },
    },
    push: {
      ref: "refs/heads/main",
      before: "0".repeat(40),
      after: "a".repeat(40),
      repository: repository(),
      sender: account(),
      commits: [],
    },
    issues: {
      action: "opened",
      issue: { id: 1, number: 7, title: "It does not verify", state: "open" },
      repository: repository(),
      sender: account(),
    },
    pull_request: {
      action: "opened",
      number: 8,
      pull_request: { id: 2, number: 8, title: "Read the raw body", state: "open" },
      repository: repository(),
      sender: account(),
    },
  },
  svix: { "invoice.paid": message("invoice.paid"), "user.created": message("user.created") },
  "standard-webhooks": { "invoice.paid": message("invoice.paid"), "user.created": message("user.created") },
};

function repository(): object {
  return {
    id: 35_129_377,
    name: "hooks",
    full_name: "octo-org/hooks",
    private: false,
    owner: account(),
    html_url: "https://github.com/octo-org/hooks",
  };
}

function account(): object {
  return { id: 6_811_672, login: "octo-org", type: "Organization" };
}

function message(type: string): object {
  return { type, timestamp: "2026-01-01T00:00:00Z", data: { id: "obj_1", name: "Zoë" } };
}

export interface Sample {
  readonly type: string;
  readonly body: string;
  /** Whether the body is one of that type, and not another's with this type written in. */
  readonly own: boolean;
}

/** The event types that a provider documents, those with a body of their own first. */
export function typesOf(provider: Provider): string[] {
  return [...new Set([...bodiesOf(provider).keys(), ...(events[provider] ?? [])])];
}

/** A sample of that type, or the provider's first; undefined where none can be made. */
export function sampleOf(provider: Provider, type: string | undefined): Sample | undefined {
  const bodies = bodiesOf(provider);
  const [first] = bodies;
  if (!first) return undefined;
  const wanted = type ?? first[0];
  const own = bodies.get(wanted);
  if (own) return { type: wanted, body: JSON.stringify(own), own: true };
  // Where the provider documents its types, another one is a mistake of spelling.
  const documented = events[provider] ?? [];
  if (documented.length > 0 && !documented.includes(wanted)) return undefined;
  const preset = presets.find(({ name }) => name === provider)!;
  for (const body of bodies.values()) {
    const changed = renamed(body as Record<string, unknown>, wanted);
    if (
      provider === "github" ||
      (namesOf(preset, changed).type === wanted && differences(changed, checkOf(provider, wanted)).length === 0)
    ) {
      return { type: wanted, body: JSON.stringify(changed), own: false };
    }
  }
  return undefined;
}

function bodiesOf(provider: Provider): Map<string, object> {
  const preset = presets.find(({ name }) => name === provider)!;
  const bodies = new Map<string, object>(Object.entries(OWN[provider] ?? {}));
  const known = new Set(events[provider] ?? []);
  for (const one of captured[provider] ?? []) {
    const body = (Array.isArray(one) ? one[1] : one) as object;
    const { type } = namesOf(preset, body);
    // The others are there to show that unknown types pass.
    if (
      type !== null &&
      known.has(type) &&
      !bodies.has(type) &&
      differences(body, checkOf(provider, type)).length === 0
    )
      bodies.set(type, body);
  }
  return bodies;
}

function checkOf(provider: Provider, type: string) {
  const preset = presets.find(({ name }) => name === provider)!;
  for (const group of preset.payloads.split(" ")) {
    const at = group.indexOf(":");
    if (
      at > 0 &&
      group
        .slice(at + 1)
        .split(",")
        .includes(type)
    )
      return Number(group.slice(0, at));
  }
  return preset.other;
}

/** The body with another type written where this one's is. */
function renamed(body: Record<string, unknown>, type: string): object {
  if (typeof body["type"] === "string") {
    const data = body["data"] as { object?: { object?: unknown } } | undefined;
    // Stripe's object is of a kind that the type begins with.
    const object =
      data?.object?.object === undefined ? undefined : { id: "obj_1", object: type.slice(0, type.lastIndexOf(".")) };
    return { ...body, type, ...(object ? { data: { object } } : {}) };
  }
  if (typeof body["event"] === "string" && typeof body["action"] === "string") {
    const at = type.lastIndexOf(".");
    return { ...body, event: type.slice(0, Math.max(at, 0)), action: type.slice(at + 1) };
  }
  return typeof body["event"] === "string" ? { ...body, event: type } : body;
}
