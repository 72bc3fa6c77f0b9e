// The right to commit or release one claim: 128 random bits, so that nobody else's claim has the same.
export function newToken(): string {
  let token = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) token += byte.toString(16).padStart(2, "0");
  return token;
}
