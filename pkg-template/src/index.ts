// Verify and sign webhook deliveries. This file is the map: everything public is named here.
export { Webhook, providers } from "./webhook.js";
export { detectProvider } from "./detect.js";
export type { ProviderInfo, RespondOptions, SignOptions } from "./webhook.js";
export { WebhookError } from "./errors.js";
export type { Event, EventFacts } from "./event.js";
export type { Claim, HandleOptions, ReplayStore } from "./handle.js";
export type { BodyInput, Delivery, HeadersInput, TimeInput, VerifyOptions } from "./input.js";
export type {
  Algorithm,
  Encoding,
  KeyFormat,
  Keyring,
  Options,
  Scheme,
  Secret,
  TimestampFormat,
  Tolerance,
} from "./scheme.js";
export type { FetchRequest, ReceiveOptions } from "./receive.js";
export type { Code } from "./generated/codes.js";
export type * from "./generated/providers.js";
export type { OtherType } from "./other-type.js";
