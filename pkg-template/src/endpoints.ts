// The rules of sending: endpoints as data, URLs and addresses, retries, and the providers' management APIs. This code
// sends nothing.
//
// Rules: settings and stored state have the names that the APIs and the Rust crate give them, the rest is camelCase; what
// is wrong is told in values, or thrown as an EndpointError; no secret and no token is in either.
export * as breaker from "./endpoints/breaker.js";
export { EndpointError, type Problem } from "./endpoints/error.js";
export type {
  Backoff,
  BreakerPolicy,
  ClientIdentity,
  DeliveryStatus,
  DescribedEvent,
  Endpoint,
  EndpointCode,
  EventType,
  Planasonix,
  PlanDocket,
  PlaneConnection,
  PresetScheme,
  RetryPolicy,
  Schedule,
  SigningScheme,
  SigningSecret,
  Steps,
  Success,
} from "./generated/endpoints.js";
export { retryPolicies } from "./generated/endpoints.js";
export {
  PlanDocketApi,
  PlaneConnectionApi,
  type ApiOptions,
  type ApiRequest,
  type LogFilter,
} from "./endpoints/management.js";
export { nextAttempt, type Next, type Outcome } from "./endpoints/retry.js";
export {
  endpointProblems,
  judgeAddress,
  judgeUrl,
  settingsProblems,
  wants,
  type AddressVerdict,
  type Settings,
  type UrlPolicy,
  type UrlVerdict,
} from "./endpoints/rules.js";
