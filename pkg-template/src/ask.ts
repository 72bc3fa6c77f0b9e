// Asks a module that takes questions: JSON with bytes attached to it, and an answer in JSON; crates/wasm/questions is the
// other half.
//
// Rules: the module is compiled at the first question; each question has an instance of its own; whatever it did, all of
// its memory is wiped and let go, so neither a secret nor a body nor a broken instance outlives it.
import { compile } from "countersign-load";
import { wellFormed } from "./json.js";
import { utf8Decoder, utf8Encoder } from "./utf8.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  room(len: number): number;
  ask(json: number): number;
  answer(): number;
}

let module: WebAssembly.Module | undefined;

/** What a module says: one of the two. */
export interface Answer<Problem> {
  readonly ok?: unknown;
  readonly problem?: Problem;
}

/** The question in JSON; a `TypeError` for what JSON cannot hold, such as a BigInt or an object that holds itself. */
export function question(about: object): Uint8Array {
  // Half of a surrogate pair becomes what the encoder makes of it, and so what `verify` sees.
  const exact = (_: string, value: unknown): unknown => (typeof value === "string" ? wellFormed(value) : value);
  return utf8Encoder().encode(JSON.stringify(about, exact));
}

/** @throws WebAssembly.RuntimeError where there is not enough memory */
export function ask<Problem>(question: Uint8Array, attached: readonly Uint8Array[] = []): Answer<Problem> {
  module ??= compile();
  const { memory, room, ask, answer } = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  try {
    let at = room(attached.reduce((sum, { length }) => sum + length, question.length));
    for (const bytes of [question, ...attached]) {
      new Uint8Array(memory.buffer).set(bytes, at);
      at += bytes.length;
    }
    const length = ask(question.length);
    return JSON.parse(utf8Decoder().decode(new Uint8Array(memory.buffer, answer(), length))) as Answer<Problem>;
  } finally {
    question.fill(0);
    new Uint8Array(memory.buffer).fill(0);
  }
}
