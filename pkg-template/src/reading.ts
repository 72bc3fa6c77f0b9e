// Reads a caller's values, which may be proxies or have getters: what those throw is told as an error of ours.
import { WebhookError } from "./errors.js";

/** Runs what reads values and nothing else. */
export function reading<T>(provider: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new WebhookError("input_unreadable", { provider, cause });
  }
}
