// Raw bodies as they arrive: how large they may be, and their pieces made one.

export function checkMaxBytes(most: number | undefined, largest: number): number {
  const maxBytes = most === undefined ? largest : most;
  // With a NaN there would be no limit.
  if (!(typeof maxBytes === "number" && maxBytes >= 0))
    throw new TypeError("maxBytes must be a number of bytes, 0 or more.");
  return maxBytes;
}

export function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
