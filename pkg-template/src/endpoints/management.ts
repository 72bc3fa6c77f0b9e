// Requests to the providers' management APIs as plain data for any HTTP client, and the reading of what they answer.
//
// Rules: no I/O; the token and the body, which may hold a signing secret, are private to the request, so that logs show
// neither; base addresses are https.
import type { TimeInput } from "countersign";
import { secondsOf } from "../input.js";
import type { DeliveryStatus, EventType, PlanDocket, PlaneConnection } from "../generated/endpoints.js";
import { own, ownOne } from "../own.js";
import { ask } from "./instance.js";

/** Where an API is, if not at the provider's own address. */
export interface ApiOptions {
  /** An https address, such as that of a gateway. */
  readonly base?: string | undefined;
}

/** Which deliveries to list. An empty filter means the newest 50. */
export interface LogFilter {
  readonly webhook_id?: string | undefined;
  readonly event_type?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  /** From this second on. */
  readonly date_from?: TimeInput | undefined;
  /** Up to this second. */
  readonly date_to?: TimeInput | undefined;
  /** How many: 1 to 100. */
  readonly limit?: number | undefined;
  /** How many to leave out before. */
  readonly offset?: number | undefined;
}

interface Question {
  readonly api: "planeconnection" | "plandocket";
  readonly base: string;
  readonly token: string;
  readonly operation: string;
  readonly id?: unknown;
  readonly input?: unknown;
}

interface Parts {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that is ready for `fetch(request.url, request)`, and knows what its answer looks like. */
export class ApiRequest<Reply> {
  static {
    // Logs show the names of classes, which minifying would change.
    Object.defineProperty(ApiRequest, "name", { value: "ApiRequest" });
  }
  readonly method: string;
  /** The whole URL. There is no secret in it. */
  readonly url: string;
  readonly #question: Question;
  readonly #parts: Parts;

  /** @internal */
  constructor(question: Question) {
    this.#question = question;
    this.#parts = ask("request", question, urls(question)) as Parts;
    this.method = this.#parts.method;
    this.url = this.#parts.url;
  }

  /** The headers, the token's among them. */
  get headers(): Record<string, string> {
    return { ...this.#parts.headers };
  }

  /** The body, if it has one. It may hold a signing secret. */
  get body(): string | null {
    return this.#parts.body || null;
  }

  /**
   * Reads the answer, bare or wrapped in an object (`{"data": …}`): the providers' pages do not all say which.
   * @throws EndpointError `api_refused` for a status other than 2xx, and `reply_malformed`
   */
  reply(status: number, body: string | Uint8Array): Reply {
    const reply = { status, body: text(body) };
    return ask("request", { ...this.#question, reply }, urls(this.#question)) as Reply;
  }
}

/** The API of PlaneConnection, as somebody with this token sees it. */
export class PlaneConnectionApi {
  static {
    Object.defineProperty(PlaneConnectionApi, "name", { value: "PlaneConnectionApi" });
  }
  readonly #ask: <Reply>(operation: string, about?: object) => ApiRequest<Reply>;

  /** @throws EndpointError `token_invalid`, or one of the codes that begin with `url_` */
  constructor(token: string, options?: ApiOptions) {
    const base = ownOne(options, "base") ?? "https://api.planeconnection.com";
    this.#ask = (operation, about) => new ApiRequest({ api: "planeconnection", base, token, operation, ...about });
    this.list();
  }

  /** Every webhook. */
  list(): ApiRequest<PlaneConnection.Webhook[]> {
    return this.#ask("list");
  }

  /** One webhook with its recent deliveries. */
  get(id: string): ApiRequest<PlaneConnection.Webhook> {
    return this.#ask("get", { id });
  }

  /** Creates a webhook. @throws EndpointError the first of its problems */
  create(config: PlaneConnection.WebhookConfig): ApiRequest<PlaneConnection.Webhook> {
    return this.#ask("create", { input: config });
  }

  /** Replaces a webhook's settings; what is left out gets its default, but for the secret. @throws EndpointError the first of its problems */
  update(id: string, config: PlaneConnection.WebhookConfig): ApiRequest<PlaneConnection.Webhook> {
    return this.#ask("update", { id, input: config });
  }

  /** Deletes a webhook and its logs. */
  delete(id: string): ApiRequest<unknown> {
    return this.#ask("delete", { id });
  }

  /** Sends a test event to a webhook. */
  test(id: string, event: PlaneConnection.TestEvent): ApiRequest<unknown> {
    return this.#ask("test", { id, input: event });
  }

  /** The event types that can be subscribed to. */
  events(): ApiRequest<EventType[]> {
    return this.#ask("events");
  }

  /** The delivery log. @throws EndpointError `filter_invalid` */
  logs(filter?: LogFilter): ApiRequest<PlaneConnection.LogEntry[]> {
    const { date_from, date_to, limit, offset } = own(filter);
    const numbers = {
      date_from: seconds(date_from),
      date_to: seconds(date_to),
      limit: whole(limit),
      offset: whole(offset),
    };
    return this.#ask("logs", { input: { ...filter, ...numbers } });
  }
}

/** The API of one tenant of PlanDocket, as somebody with this key sees it. */
export class PlanDocketApi {
  static {
    Object.defineProperty(PlanDocketApi, "name", { value: "PlanDocketApi" });
  }
  readonly #ask: <Reply>(operation: string, about?: object) => ApiRequest<Reply>;

  /**
   * @param base such as `https://your-tenant.plandocket.com`
   * @throws EndpointError `token_invalid`, or one of the codes that begin with `url_`
   */
  constructor(base: string, key: string) {
    this.#ask = (operation, about) => new ApiRequest({ api: "plandocket", base, token: key, operation, ...about });
    this.list();
  }

  /** Every webhook. */
  list(): ApiRequest<PlanDocket.Webhook[]> {
    return this.#ask("list");
  }

  /** One webhook, with its secret. */
  get(id: number): ApiRequest<PlanDocket.Webhook> {
    return this.#ask("get", { id });
  }

  /** Creates a webhook. The answer holds its secret. @throws EndpointError the first of its problems */
  create(config: PlanDocket.WebhookConfig): ApiRequest<PlanDocket.Webhook> {
    return this.#ask("create", { input: config });
  }

  /** Deletes a webhook. */
  delete(id: number): ApiRequest<unknown> {
    return this.#ask("delete", { id });
  }

  /** The event types that can be subscribed to. */
  events(): ApiRequest<EventType[]> {
    return this.#ask("events");
  }
}

/** What is no UTF-8 is no JSON either. */
function text(body: string | Uint8Array): string {
  if (typeof body === "string") return body;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return "\ufffd";
  }
}

function seconds(time: TimeInput | undefined): number | undefined {
  return time === undefined ? undefined : whole(Math.floor(secondsOf(time)));
}

/** JSON has no NaN: it would look as if there were no number. -1 is refused. */
function whole(number: number | undefined): number | undefined {
  return number === undefined || Number.isFinite(number) ? number : -1;
}

function urls({ base, input }: Question): unknown[] {
  return [base, (input as { url?: unknown } | undefined)?.url];
}
