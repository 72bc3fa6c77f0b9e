// Interleaved measurement: in every round each contestant runs one short batch, so that whatever disturbs the machine
// disturbs all of them alike; the median of the rounds counts.

/**
 * Milliseconds that one batch should take: far above the clock's grain, and short enough that most batches are not
 * interrupted, even on a machine that is busy with something else.
 */
const BATCH = 0.4;

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/**
 * @param runs     name → { run, isAsync }, `run` verifying one delivery
 * @param budget   milliseconds for all of them together
 * @returns name → microseconds for one delivery
 */
export async function compare(runs, deliveries, budget) {
  const names = Object.keys(runs);
  const batches = Object.fromEntries(names.map((name) => [name, batchOf(runs[name], deliveries)]));
  const counts = {};
  for (const name of names) counts[name] = await warmUp(batches[name], budget / 5 / names.length);

  const times = Object.fromEntries(names.map((name) => [name, []]));
  const end = performance.now() + (budget * 4) / 5;
  for (let round = 0; round < 7 || performance.now() < end; round++) {
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + round) % names.length];
      times[name].push(((await batches[name](counts[name])) / counts[name]) * 1000);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])]));
}

/** A function that runs so many deliveries and gives the milliseconds. Each contestant has a loop of its own. */
function batchOf({ run, isAsync }, deliveries) {
  const last = deliveries.length - 1;
  const sink = { value: undefined };
  if (isAsync) {
    return async (count) => {
      const begin = performance.now();
      for (let i = 0; i < count; i++) sink.value = await run(deliveries[i & last]);
      return performance.now() - begin;
    };
  }
  return new Function(
    "run",
    "deliveries",
    "last",
    "sink",
    "return (count) => { const begin = performance.now();" +
      "for (let i = 0; i < count; i++) sink.value = run(deliveries[i & last]);" +
      "return performance.now() - begin; }",
  )(run, deliveries, last, sink);
}

/** Runs for that long, so that the compilers are done, and says how many deliveries make a batch. */
async function warmUp(batch, milliseconds) {
  let count = 1;
  const end = performance.now() + milliseconds;
  for (;;) {
    const took = await batch(count);
    if (performance.now() >= end && (took >= BATCH / 2 || count === 1))
      return Math.max(1, Math.round((count * BATCH) / took));
    if (took < BATCH) count *= 2;
  }
}
