// The other half of crates/wasm/boundary: writes messages into the module's buffer and reads its answers.
//
// Rules: the module starts on first use; after every call the stack is cleared (the module wipes its buffer and heap
// itself); a trap, which only running out of memory can cause, drops the instance and the next call starts a new one.
// First, because gzip does best where the module's text is not in the middle of code.
import { compile } from "countersign-load";
import { sizeOf } from "./bytes.js";
import { WebhookError } from "./errors.js";
import { NUMBERS, ROOM, START, TEXT } from "./generated/wire.js";
import { utf8Decoder, utf8Encoder } from "./utf8.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  /** The end of the stack, from which it grows down to 0. */
  readonly __stack_pointer: WebAssembly.Global;
  room(len: number): number;
  numbers(): number;
  prepare(len: number, stamp: number): number;
  verify(slot: number, stamp: number, headers: number, len: number, now: number): number;
  sign(slot: number, stamp: number, setup: number, len: number, now: number): number;
  digest(len: number): number;
}

/** The bytes that a module's memory can have. */
const MOST = 2 ** 32 - 1;

let module: WebAssembly.Module | undefined;
// Not called `exports`: in the file for `require`, that name is taken.
let running: Exports | undefined;
let memory = new Uint8Array(0);
let numbers = new Float64Array(0);
let stack = 0;
/** Where the message goes, how much fits there, and how much of it is written. */
let start = 0;
let room = 0;
let used = 0;

function instance(): Exports {
  if (running) return running;
  module ??= compile();
  running = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  stack = running.__stack_pointer.value;
  return running;
}

/** Memory that has grown has a new buffer, and the old views are empty. */
function refresh(wasm: Exports): void {
  if (memory.length === 0) {
    memory = new Uint8Array(wasm.memory.buffer);
    numbers = new Float64Array(wasm.memory.buffer, wasm.numbers(), NUMBERS);
  }
}

/** Begins a message of at most that many bytes. */
export function begin(atMost: number): void {
  used = 0;
  // A module counts its bytes in 32 bits: what is more would look like less.
  if (atMost > MOST) throw new WebhookError("body_too_large", {});
  if (running && atMost <= room) return;
  guarded((wasm) => {
    start = wasm.room(atMost);
    room = atMost;
    refresh(wasm);
    return 0;
  });
}

/** Forgets the message so far: whoever cannot finish it must not leave it behind. */
export function drop(): void {
  memory.fill(0, start, start + used);
  used = 0;
}

/** Lets go of the instance, and leaves nothing in its memory. */
function discard(): void {
  if (running) new Uint8Array(running.memory.buffer).fill(0);
  running = undefined;
  memory = new Uint8Array(0);
  room = 0;
}

/** The message so far, as a copy; the module's own is wiped. */
export function take(): Uint8Array {
  const message = memory.slice(start, start + used);
  memory.fill(0, start, start + used);
  used = 0;
  return message;
}

export function writeByte(value: number): void {
  memory[start + used++] = value;
}

export function writeNumber(value: number): void {
  new DataView(memory.buffer).setFloat64(start + used, value, true);
  used += 8;
}

function writeLength(at: number, value: number): void {
  memory[at] = value;
  memory[at + 1] = value >>> 8;
  memory[at + 2] = value >>> 16;
  memory[at + 3] = value >>> 24;
}

/** A header's name or value: its characters are the bytes that crossed the wire. */
export function writeLatin1(text: string): void {
  let at = start + used;
  writeLength(at, text.length);
  at += 4;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // No byte on the wire makes such a character; it must not turn into one that means something.
    memory[at++] = Math.min(unit, 0xff);
  }
  used += 4 + text.length;
}

/** A text of ours, as UTF-8. Takes at most 4 + 3 * length bytes. */
export function writeText(text: string): void {
  const at = start + used;
  const { written } = utf8Encoder().encodeInto(text, memory.subarray(at + 4));
  writeLength(at, written);
  used += 4 + written;
}

export function writeBytes(bytes: Uint8Array): void {
  writeLength(start + used, sizeOf(bytes));
  used += 4;
  writeRaw(bytes);
}

/** The end of a message: bytes without a length. */
export function writeRaw(bytes: Uint8Array): void {
  memory.set(bytes, start + used);
  used += sizeOf(bytes);
}

/** The same for a body given as text. */
export function writeRawText(text: string): void {
  used += utf8Encoder().encodeInto(text, memory.subarray(start + used)).written;
}

/** One call with the message that was written. The answer is 0 for done. */
export function send(call: (wasm: Exports, len: number) => number): number {
  return guarded((wasm) => {
    const answer = call(wasm, used);
    refresh(wasm);
    start = answerNumber(START);
    room = answerNumber(ROOM);
    // All of it: clearing half of it would save a tenth of a microsecond, and hold only as long as no call goes deeper.
    memory.fill(0, 0, stack);
    return answer;
  });
}

function guarded(call: (wasm: Exports) => number): number {
  try {
    return call(instance());
  } catch (error) {
    discard();
    if (isTrap(error))
      throw new WebhookError("body_too_large", { cause: error, hint: "There is not enough memory for it here." });
    throw error;
  }
}

/** Whether the module has trapped. The one way to do so is to run out of memory. */
function isTrap(error: unknown): boolean {
  // By its name: the class may be another realm's, or not be there at all.
  return (error as Error | undefined)?.name === "RuntimeError";
}

/** A number of the last answer. */
export function answerNumber(at: number): number {
  return numbers[at] ?? NaN;
}

/** The text of the last answer. */
export function answerText(): string {
  const size = answerNumber(TEXT);
  return size === 0 ? "" : utf8Decoder().decode(memory.subarray(start, start + size));
}

/** The texts of the last answer, each with its length. */
export function answerTexts(): string[] {
  const end = start + answerNumber(TEXT);
  const view = new DataView(memory.buffer);
  const texts: string[] = [];
  for (let at = start; at < end; ) {
    const size = view.getUint32(at, true);
    texts.push(utf8Decoder().decode(memory.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  // They hold a signature.
  memory.fill(0, start, end);
  return texts;
}
