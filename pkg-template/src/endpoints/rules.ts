// What is wrong with an endpoint, and where deliveries may go.
import type { Problem } from "./error.js";
import type { Endpoint, Planasonix, PlanDocket, PlaneConnection } from "../generated/endpoints.js";
import { own, ownOne } from "../own.js";
import { answer, ask, type Answer } from "./instance.js";

/** What an operator allows beyond the default, which is HTTPS to public hosts on port 443. HTTPS it always is. */
export interface UrlPolicy {
  /** More ports. */
  readonly allowPorts?: readonly number[] | undefined;
  /** Every port. */
  readonly allowAnyPort?: boolean | undefined;
  /** Networks in CIDR notation, such as `10.20.0.0/16`, although they are not public. */
  readonly allowNetworks?: readonly string[] | undefined;
  /** Host names, although they are not public. Their addresses are judged all the same. */
  readonly allowNames?: readonly string[] | undefined;
  /** Refuses 64:ff9b::/96 as a whole, and not only where the IPv4 address inside is not public. */
  readonly refuseNat64?: boolean | undefined;
}

/** Whether deliveries may go to a URL. */
export type UrlVerdict =
  | {
      readonly ok: true;
      /** Its normal form, which every client reads in the same way. Send to this text. */
      readonly url: string;
      /** The host: a name, or an address without brackets. */
      readonly host: string;
      /** A `name` has to be resolved, and each of its addresses judged, before every send; an `address` was judged. */
      readonly kind: "name" | "address";
      readonly port: number;
    }
  | ({ readonly ok: false } & Problem);

/** Whether deliveries may go to an address. */
export type AddressVerdict = { readonly ok: true } | ({ readonly ok: false } & Problem);

/** The settings that providers keep about webhooks. */
export interface Settings {
  planeconnection: PlaneConnection.WebhookConfig;
  plandocket: PlanDocket.WebhookConfig;
  planasonix: Planasonix.WebhookSettings;
}

/** Everything that is wrong with an endpoint, in the order of its fields. Never throws. */
export function endpointProblems(endpoint: Endpoint, policy: UrlPolicy = {}): Problem[] {
  return all(answer("endpointProblems", { endpoint, policy }, [urlOf(endpoint)]));
}

/** Everything that a provider would refuse about a webhook's settings. Never throws. */
export function settingsProblems<S extends keyof Settings>(provider: S, settings: Settings[S]): Problem[] {
  return all(answer("settingsProblems", { provider, settings }, [urlOf(settings)]));
}

/** Whether an event of this type goes to the endpoint. */
export function wants(endpoint: Pick<Endpoint, "active" | "events">, eventType: string): boolean {
  const { active = true, events } = own(endpoint);
  return (active ?? true) && ask("wants", { events, type: eventType }) === true;
}

/** Reads a URL and says whether deliveries may go there. Names are not resolved here. Never throws. */
export function judgeUrl(url: string, policy: UrlPolicy = {}): UrlVerdict {
  return verdict(answer("judgeUrl", { url, policy }, [url])) as UrlVerdict;
}

/**
 * Whether deliveries may go to this IP address. Judge each address that a name resolves to, at every send, and connect
 * to no other. Never throws.
 */
export function judgeAddress(address: string, policy: UrlPolicy = {}): AddressVerdict {
  return verdict(answer("judgeAddress", { address, policy })) as AddressVerdict;
}

function verdict({ ok, problem }: Answer): object {
  return problem ? { ok: false, ...problem } : { ok: true, ...(ok as object) };
}

function all({ ok, problem }: Answer): Problem[] {
  return problem ? [problem] : (ok as Problem[]);
}

function urlOf(settings: { readonly url?: unknown } | null | undefined): unknown {
  try {
    return ownOne(settings, "url");
  } catch {
    return undefined;
  }
}
