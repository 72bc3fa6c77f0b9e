// What is wrong with settings or with a request about them: a value with a stable code, or the same thrown.
import { brand } from "../brand.js";
import type { EndpointCode } from "../generated/endpoints.js";

/** One thing that is wrong. Safe to log: it holds no secret, no header's value and no query of a URL. */
export interface Problem {
  /** The stable code. */
  readonly code: EndpointCode;
  /** The field it is about, such as `url` or `events[2]`; empty where that is clear. */
  readonly field: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Why a request could not be made, or its answer not be read. */
export class EndpointError extends Error implements Problem {
  static {
    // Logs show the name of the class, which minifying would change.
    Object.defineProperty(EndpointError, "name", { value: "EndpointError" });
    brand(EndpointError, "EndpointError");
  }
  override readonly name = "EndpointError";
  readonly code: EndpointCode;
  readonly field: string;
  readonly fix: string;

  constructor({ code, field, message, fix }: Problem) {
    super(`${message}${field === "" ? "" : ` Field: ${field}.`} ${fix}`);
    this.code = code;
    this.field = field;
    this.fix = fix;
  }
}
