// Where the secret comes from: variable, file, prompt, and only lastly the command line.
import { openSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ReadStream } from "node:tty";
import type { Secret } from "countersign";
import { readText, UsageError } from "./usage.js";

const VARIABLE = "COUNTERSIGN_SECRET";

interface Given {
  "secret-env"?: string[] | undefined;
  "secret-file"?: string[] | undefined;
  secret?: string[] | undefined;
}

export async function secretsOf(given: Given): Promise<Secret[]> {
  const secrets: Secret[] = [];
  for (const name of given["secret-env"] ?? []) {
    const secret = process.env[name];
    if (secret === undefined) throw new UsageError(`The environment variable ${name} is not set.`);
    secrets.push({ name, secret });
  }
  for (const file of given["secret-file"] ?? []) {
    secrets.push({ name: basename(file), secret: readText(file).replace(/\r?\n$/, "") });
  }
  for (const secret of given.secret ?? []) {
    process.stderr.write(
      `warning: --secret shows the secret to other programs and in the shell's history; ${VARIABLE} or --secret-file does not.\n`,
    );
    secrets.push({ name: "argument", secret });
  }
  if (secrets.length > 0)
    return secrets.map((secret, at) => ({ ...secret, name: unlike(secrets.slice(0, at), secret) }));
  const secret = process.env[VARIABLE];
  if (secret !== undefined) return [{ name: VARIABLE, secret }];
  return [{ name: "prompt", secret: await asked() }];
}

/** The secret's name, with a number if one before it is called the same. */
function unlike(before: readonly Secret[], { name }: Secret): string | undefined {
  const same = before.filter((other) => other.name === name).length;
  return same > 0 ? `${name} (${same + 1})` : name;
}

/** Asks at the terminal, which standard input need not be; nothing that is typed is shown. */
async function asked(): Promise<string> {
  const none = new UsageError(`There is no secret: set ${VARIABLE}, or pass --secret-env or --secret-file.`);
  if (!process.stderr.isTTY) throw none;
  let input: ReadStream;
  try {
    input = process.stdin.isTTY
      ? process.stdin
      : new ReadStream(openSync(process.platform === "win32" ? "\\\\.\\CON" : "/dev/tty", "r"));
  } catch {
    throw none;
  }
  process.stderr.write("Signing secret (not shown): ");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true, historySize: 0 });
  const secret = await new Promise<string | undefined>((resolve) => {
    lines.once("line", resolve);
    lines.once("SIGINT", () => resolve(undefined));
    lines.once("close", () => resolve(undefined));
  });
  lines.close();
  if (input !== process.stdin) input.destroy();
  process.stderr.write("\n");
  if (secret === undefined) throw none;
  return secret;
}
