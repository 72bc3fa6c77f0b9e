// One cold start: the parent starts this file in a fresh process; it prints the milliseconds from the start of the
// process to the first verified delivery, by the clock and as the processor's. Without arguments: what Node alone takes.
const [scheme, name, body, headers] = process.argv.slice(2);
if (scheme) {
  const { SCHEMES } = await import("./contestants.mjs");
  const { verify } = await SCHEMES[scheme].contestants[name](scheme);
  await verify({ body: Buffer.from(body), headers: JSON.parse(headers) });
}
// The clock of `performance` begins with the process.
const time = performance.now();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ time, processor: (user + system) / 1000 }));
