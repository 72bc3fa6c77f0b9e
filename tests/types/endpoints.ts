// The types of countersign/endpoints: settings are what the Rust types read, verdicts narrow, requests fit fetch.
import {
  PlanDocketApi,
  PlaneConnectionApi,
  breaker,
  endpointProblems,
  judgeUrl,
  nextAttempt,
  retryPolicies,
  settingsProblems,
  wants,
  type ApiRequest,
  type Endpoint,
  type EndpointCode,
  type EventType,
  type PlaneConnection,
  type Problem,
  type RetryPolicy,
} from "countersign/endpoints";

const endpoint: Endpoint = {
  url: "https://example.com/hooks",
  events: ["flight.*"],
  signing: { provider: "standard-webhooks" },
  secrets: [{ secret: "whsec_x", expires: 1_800_000_000 }],
  retry: { schedule: { initial_seconds: 10, multiplier: 2 }, max_retries: 4 },
  breaker: { failures: 3 },
};
endpoint.signing = { signature: { header: "X-S", encoding: "hex" }, signed: "{body}" };
// @ts-expect-error numbers of milliseconds are numbers
endpoint.timeout_ms = "10000";
// @ts-expect-error an endpoint has a URL
const without: Endpoint = { events: [], signing: { provider: "svix" }, secrets: [] };

const problems: Problem[] = endpointProblems(endpoint, { allowPorts: [8443], allowNetworks: ["10.20.0.0/16"] });
const code: EndpointCode | undefined = problems[0]?.code;
// @ts-expect-error no such code
if (code === "url_wrong") console.log();
// @ts-expect-error no such option
endpointProblems(endpoint, { allowPort: 8443 });
if (wants(endpoint, "flight.departed")) console.log();
settingsProblems("planasonix", { url: "https://example.com/", events: ["*"], secrets: [] });
// @ts-expect-error PlanDocket counts seconds
settingsProblems("plandocket", { url: "https://example.com/", events: ["*"], timeout_ms: 1000 });
// @ts-expect-error no such provider
settingsProblems("stripe", { url: "https://example.com/", events: ["*"] });

const verdict = judgeUrl("https://example.com/");
if (verdict.ok) console.log(verdict.url, verdict.port satisfies number);
else console.log(verdict.code satisfies EndpointCode, verdict.fix);
// @ts-expect-error only a URL that is refused has a code
console.log(verdict.code);

const policy: RetryPolicy = retryPolicies.svix ?? {};
const next = nextAttempt(policy, 1, { status: 503, retryAfter: new Headers().get("retry-after") }, new Date());
if (next.next === "retry") console.log(next.afterMs);
else if (next.next === "dead_letter" && next.because === "gone") console.log();
nextAttempt(policy, 2, "no_answer");
const change = breaker.record(undefined, false, {});
if (change.change === "opened") console.log(change.until, breaker.admit(change.breaker, {}).admission);

async function send<Reply>(request: ApiRequest<Reply>): Promise<Reply> {
  const response = await fetch(request.url, request);
  return request.reply(response.status, await response.text());
}
const api = new PlaneConnectionApi("token", { base: "https://gateway.example.com/" });
const hooks: PlaneConnection.Webhook[] = await send(api.list());
const logs: PlaneConnection.LogEntry[] = await send(api.logs({ status: "failed", date_from: new Date(), limit: 10 }));
const events: EventType[] = await send(new PlanDocketApi("https://t.plandocket.com", "key").events());
// @ts-expect-error PlanDocket's ids are numbers
new PlanDocketApi("https://t.plandocket.com", "key").get("1");
// @ts-expect-error a webhook has a name there
api.create({ url: "https://example.com/", events: ["*"] });
export { events, hooks, logs, without };
