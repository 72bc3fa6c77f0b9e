// A form (application/x-www-form-urlencoded) with JSON in one of its fields, as crates/core/src/form.rs reads it: `+` is a
// space, an escape that is none stays as it is, the first of repeated fields counts. Linear in time.

const [SPACE, PERCENT, AMPERSAND, PLUS, EQUALS] = [32, 37, 38, 43, 61];

/** The value of a field with an ASCII name; undefined where the form has no such field. */
export function formField(form: Uint8Array, name: string): Uint8Array | undefined {
  for (let start = 0; start <= form.length; ) {
    const next = form.indexOf(AMPERSAND, start);
    const pair = form.subarray(start, next < 0 ? form.length : next);
    const equals = pair.indexOf(EQUALS);
    const end = equals < 0 ? pair.length : equals;
    // What is longer than its name with every character escaped is another field.
    if (end <= 3 * name.length && String.fromCharCode(...decoded(pair.subarray(0, end))) === name) {
      return decoded(pair.subarray(end + 1));
    }
    if (next < 0) return undefined;
    start = next + 1;
  }
  return undefined;
}

function decoded(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let byte = text[at]!;
    if (byte === PLUS) byte = SPACE;
    if (byte === PERCENT) {
      const [high, low] = [digit(text[at + 1]), digit(text[at + 2])];
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        at += 2;
      }
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** What a hex digit stands for; -1 for anything else. */
function digit(byte = 0): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
