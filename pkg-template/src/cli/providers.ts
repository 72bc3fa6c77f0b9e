// `countersign providers`: the providers, or one of them with its dialects and events.
import process from "node:process";
import { providers as list } from "countersign";
import { typesOf } from "../samples.js";
import { Paint } from "./style.js";
import { COMMON, EXIT, meant, names, read, UsageError } from "./usage.js";
import { print } from "./verify.js";

export const PROVIDERS_HELP: string = `countersign providers [NAME] [--json]

Lists the providers; with a name, that provider's dialects, headers' page and event types.

Exit codes
  0 listed   2 there is no such provider`;

export function providers(args: string[]): number {
  const { values, positionals } = read(args, COMMON);
  if (values.help) {
    process.stdout.write(`${PROVIDERS_HELP}\n`);
    return EXIT.done;
  }
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError("One provider at a time.");
  const all = list().map((provider) => ({ ...provider, events: typesOf(provider.name) }));
  const one = all.find((provider) => provider.name === name);
  if (name !== undefined && !one)
    throw new UsageError(`There is no provider of that name.${meant(name)} Providers: ${names()}.`);
  if (values.json) {
    print(one ?? all);
    return EXIT.done;
  }
  const paint = new Paint(process.stdout);
  if (one) {
    paint.line(`${paint.in("bold", one.title)}  ${one.docs}`);
    paint.line();
    paint.entry("Name", one.name);
    if (one.dialects.length > 1) paint.entry("Dialects", one.dialects.join(", "), { column: 10 });
    if (one.events.length === 0) paint.entry("Events", "the provider documents none");
    one.events.forEach((type, at) => paint.line(`  ${paint.in("dim", (at === 0 ? "Events" : "").padEnd(9))}${type}`));
    return EXIT.done;
  }
  const column = Math.max(...all.map((provider) => provider.name.length)) + 2;
  const titles = Math.max(...all.map((provider) => provider.title.length)) + 2;
  for (const provider of all) {
    const dialects = provider.dialects.length > 1 ? paint.in("dim", `dialects ${provider.dialects.join(", ")}`) : "";
    paint.line(
      `  ${provider.name.padEnd(column)}${paint.in("dim", provider.title.padEnd(titles))}${dialects}`.trimEnd(),
    );
  }
  return EXIT.done;
}
