// Bodies of exact sizes, in each provider's envelope: real fields first, then more of the list that grows in practice.

export const SIZES = [256, 1024, 4096, 65_536, 1_048_576];

const envelopes = {
  stripe: (id, lines, pad) => ({
    id: `evt_${id}`,
    object: "event",
    created: 1767225580,
    livemode: false,
    type: "invoice.paid",
    data: { object: { id: `in_${id}`, object: "invoice", amount_paid: 4900, ...(lines.length && { lines }), pad } },
  }),
  svix: (id, lines, pad) => ({
    type: "invoice.paid",
    timestamp: "2026-01-01T00:00:00Z",
    data: { id: `in_${id}`, amount_paid: 4900, ...(lines.length && { lines }), pad },
  }),
  github: (id, lines, pad) => ({
    action: "opened",
    number: 7,
    sender: { id: 583231, login: "octocat", type: "User" },
    repository: { id: 1296269, name: "hello", full_name: "octocat/hello" },
    ...(lines.length && { lines }),
    pad: `${id}${pad}`,
  }),
};

const line = (n) => ({
  id: `il_${n}`,
  amount: 4900 + n,
  currency: "usd",
  description: `1 × Crew seat, line ${n} – Zürich`,
  period: { start: 1767225600 + n, end: 1769904000 },
  proration: n % 2 === 0,
  metadata: { tail: "N123AB", note: "first\nsecond" },
});

/** A body of exactly `size` bytes; `n` makes it another one. */
export function bodyOf(scheme, size, n) {
  const id = String(n).padStart(8, "0");
  const write = (count, pad) =>
    Buffer.from(
      JSON.stringify(
        envelopes[scheme](
          id,
          Array.from({ length: count }, (_, at) => line(n + at)),
          pad,
        ),
      ),
    );
  const room = size - write(0, "").length;
  let count = Math.max(0, Math.floor(room / Buffer.byteLength(JSON.stringify(line(n)))));
  let body = write(count, "");
  while (count > 0 && body.length > size) {
    count -= 1;
    body = write(count, "");
  }
  body = write(count, "x".repeat(size - body.length));
  if (body.length !== size) throw new Error(`A ${scheme} body of ${size} bytes came out as ${body.length}.`);
  return body;
}
