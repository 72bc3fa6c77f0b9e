// What the rules of sending are asked, and what a problem becomes; crates/wasm/questions/src/endpoints is the other half.
import { ask as askModule, question, type Answer as AnswerOf } from "../ask.js";
import { EndpointError, type Problem } from "./error.js";

export type Answer = AnswerOf<Problem>;

/** The answer to a question. `urls` are the texts that it is about as URLs. */
export function answer(call: string, given: object, urls: readonly unknown[] = []): Answer {
  let asked: Uint8Array;
  try {
    asked = question({ ...given, call, read: urls.map(read) });
  } catch {
    // It holds itself, or a BigInt.
    return { problem: MALFORMED };
  }
  try {
    return askModule<Problem>(asked);
  } catch (error) {
    // The one way to trap is to run out of memory.
    if (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) return { problem: MALFORMED };
    throw error;
  }
}

/** The same, with a problem thrown. */
export function ask(call: string, given: object, urls: readonly unknown[] = []): unknown {
  const { ok, problem } = answer(call, given, urls);
  if (problem) throw new EndpointError(problem);
  return ok;
}

/** A text and how this engine reads it as a URL, which saves the module the tables of the world's scripts. */
function read(text: unknown): [unknown, string | null] {
  try {
    return [text, typeof text === "string" ? new URL(text).href : null];
  } catch {
    return [text, null];
  }
}

const MALFORMED: Problem = {
  code: "malformed",
  field: "",
  message: "The settings are not JSON, or too large to be looked at.",
  fix: "Compare the types of the fields with the documentation.",
};
