// What every parser gives: a request, or a ParseError with one sentence.

export interface ParsedRequest {
  readonly format: "http" | "curl" | "har" | "json";
  readonly method: string;
  readonly url: string;
  readonly headers: [name: string, value: string][];
  /** Undefined where the text holds none, such as headers alone. */
  readonly body: Uint8Array | undefined;
  /** What was decided on the way, in sentences. */
  readonly notes: string[];
}

export interface ParseOptions {
  /** Reads the file that a curl command names (`--data-binary @file`). */
  readonly readFile?: ((name: string) => Uint8Array) | undefined;
  /** Which entry of a HAR file, from 1. Default: the first POST that has a signature. */
  readonly entry?: number | undefined;
}

export class ParseError extends Error {
  override readonly name = "ParseError";
}
