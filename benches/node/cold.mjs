// One cold start: the parent starts this file in a fresh process; it prints the milliseconds from the start of the
// process to the first verified delivery. Without arguments it prints what Node alone takes.
const [scheme, name, body, headers] = process.argv.slice(2);
if (scheme) {
  const { SCHEMES } = await import("./contestants.mjs");
  const { verify } = await SCHEMES[scheme].contestants[name](scheme);
  await verify({ body: Buffer.from(body), headers: JSON.parse(headers) });
}
// The clock of `performance` begins with the process.
console.log(performance.now());
