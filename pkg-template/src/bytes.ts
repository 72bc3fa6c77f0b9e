// Raw bytes: recognised, measured and joined; and how large a body may be.
//
// Rules: by what the engine keeps in a value, which is the same in every realm (Jest, edge sandboxes) and which no
// subclass, property or proxy can change; never by a class or by a property of the value.

/** The limit that was given, if one was. */
export function checkMaxBytes(most: number | undefined): number | undefined {
  // With a NaN there would be no limit.
  if (most !== undefined && !(typeof most === "number" && most >= 0))
    throw new TypeError("maxBytes must be a number of bytes, 0 or more.");
  return most;
}

/** What every typed array inherits. */
const typed = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

/** The engine's own getter of a property, to be called on any value. */
function getter(of: object, name: PropertyKey): () => unknown {
  return Object.getOwnPropertyDescriptor(of, name)!.get!;
}

const kindOf = getter(typed, Symbol.toStringTag) as () => string | undefined;
const lengthOf = getter(typed, "byteLength") as () => number;
const offsetOf = getter(typed, "byteOffset") as () => number;
const bufferOf = getter(typed, "buffer") as () => ArrayBuffer;
const viewLengthOf = getter(DataView.prototype, "byteLength") as () => number;
const viewOffsetOf = getter(DataView.prototype, "byteOffset") as () => number;
const viewBufferOf = getter(DataView.prototype, "buffer") as () => ArrayBuffer;
const bufferLengthOf = getter(ArrayBuffer.prototype, "byteLength") as () => number;
/** Not in every engine yet. */
const resizableOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "resizable")?.get as
  | (() => boolean)
  | undefined;

export function isBytes(value: unknown): value is Uint8Array {
  return kindOf.call(value as Uint8Array) === "Uint8Array";
}

/** How many there are, whatever the value's `length` says. */
export function sizeOf(bytes: Uint8Array): number {
  return lengthOf.call(bytes);
}

/** The same bytes as an array of this realm that nobody has changed. */
export function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bufferOf.call(bytes), offsetOf.call(bytes), lengthOf.call(bytes));
}

/**
 * The bytes of a typed array, a buffer or a view: themselves, or a copy where somebody else could change how many there
 * are, or change them in another thread. Undefined for everything else, and for bytes that were given away.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  const kind = kindOf.call(value as Uint8Array);
  if (kind !== undefined) {
    const view = value as Uint8Array;
    const length = lengthOf.call(view);
    // Also of bytes that were given away the length is 0; only a method refuses them.
    if (length === 0 && !takes(typed.keys, view)) return undefined;
    const buffer = bufferOf.call(view);
    return kind === "Uint8Array" && isFixed(buffer) ? view : over(buffer, offsetOf.call(view), length);
  }
  try {
    if (takes(viewBufferOf, value)) {
      const view = value as DataView;
      return over(viewBufferOf.call(view), viewOffsetOf.call(view), viewLengthOf.call(view));
    }
    // The constructor refuses a buffer that was given away.
    if (takes(bufferLengthOf, value)) return over(value as ArrayBuffer, 0, bufferLengthOf.call(value as ArrayBuffer));
    if (takes(sharedLengthOf(), value)) return over(value as ArrayBuffer, 0, sharedLengthOf()!.call(value));
    return undefined;
  } catch {
    return undefined;
  }
}

/** Whether these are bytes that were given away: their buffer was transferred, or has become too short for them. */
export function isGone(value: unknown): boolean {
  const known = kindOf.call(value as Uint8Array) !== undefined || takes(viewBufferOf, value);
  return (known || takes(bufferLengthOf, value)) && bytesOf(value) === undefined;
}

/** Whether a method of the engine takes the value as its own kind. */
function takes(method: ((this: never) => unknown) | undefined, value: unknown): boolean {
  try {
    method?.call(value as never);
    return method !== undefined;
  } catch {
    return false;
  }
}

/** Whether only its owner can write it, and nobody can change its size. */
function isFixed(buffer: ArrayBuffer): boolean {
  return takes(bufferLengthOf, buffer) && resizableOf?.call(buffer) !== true;
}

/** Some places have no SharedArrayBuffer. */
function sharedLengthOf(): ((this: unknown) => number) | undefined {
  if (typeof SharedArrayBuffer !== "function") return undefined;
  return getter(SharedArrayBuffer.prototype, "byteLength") as () => number;
}

function over(buffer: ArrayBuffer, offset: number, length: number): Uint8Array {
  const view = new Uint8Array(buffer, offset, length);
  return isFixed(buffer) ? view : view.slice();
}

/** Pieces of a body, joined as they come: a million of one byte take no more room than one of a million bytes. */
export class Pieces {
  /** The first piece, and from the second on a buffer of ours with room for more. */
  #joined: Uint8Array = new Uint8Array(0);
  #ours = false;
  /** The size of all pieces. */
  size = 0;

  /** Adds a piece of a stream. Refuses, with this code, what is no piece of bytes, and more than the cap. */
  add(piece: unknown, maxBytes: number): "body_not_raw" | "body_too_large" | undefined {
    const bytes = bytesOf(piece);
    if (bytes === undefined) return "body_not_raw";
    const size = this.size + sizeOf(bytes);
    if (size > maxBytes) return "body_too_large";
    if (size === this.size) return undefined;
    const plain = plainView(bytes);
    if (this.size === 0) this.#joined = plain;
    else {
      if (!this.#ours || size > this.#joined.length) {
        const larger = new Uint8Array(2 * size);
        larger.set(this.#joined.subarray(0, this.size));
        this.#joined = larger;
        this.#ours = true;
      }
      this.#joined.set(plain, this.size);
    }
    this.size = size;
    return undefined;
  }

  join(): Uint8Array {
    return this.#ours ? this.#joined.slice(0, this.size) : this.#joined;
  }
}
