// Asks the module with the rules: a new instance for each question, and nothing of it left behind; endpoints/src is the
// other half.
//
// Rules: questions and answers are JSON; the module is compiled on first use; whatever a call did, its memory is wiped
// and let go, so neither a secret nor a token nor a broken instance outlives it.
import { compile } from "countersign-load";
import { EndpointError, type Problem } from "./error.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  room(len: number): number;
  ask(question: number, len: number): number;
}

let module: WebAssembly.Module | undefined;

/** What the module says. */
export interface Answer {
  readonly ok?: unknown;
  readonly problem?: Problem;
}

/** The answer to a question. `urls` are the texts that it is about as URLs. */
export function answer(call: string, given: object, urls: readonly unknown[] = []): Answer {
  let question: Uint8Array;
  try {
    question = new TextEncoder().encode(JSON.stringify({ ...given, call, read: urls.map(read) }));
  } catch {
    // It holds itself, or a BigInt.
    return { problem: MALFORMED };
  }
  return run(question);
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

function run(question: Uint8Array): Answer {
  module ??= compile();
  const { memory, room, ask } = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  try {
    const at = room(question.length);
    new Uint8Array(memory.buffer).set(question, at);
    const start = ask(at, question.length);
    const length = new DataView(memory.buffer).getUint32(start, true);
    return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, start + 4, length))) as Answer;
  } catch (error) {
    // The one way to trap is to run out of memory.
    if (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) return { problem: MALFORMED };
    throw error;
  } finally {
    question.fill(0);
    new Uint8Array(memory.buffer).fill(0);
  }
}

const MALFORMED: Problem = {
  code: "malformed",
  field: "",
  message: "The settings are not JSON, or too large to be looked at.",
  fix: "Compare the types of the fields with the documentation.",
};
