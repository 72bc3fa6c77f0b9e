// The command line, `npx countersign`: this file chooses the command and the exit code.
import process from "node:process";
import { EXPLAIN_HELP, verify, VERIFY_HELP } from "./verify.js";
import { listen, LISTEN_HELP } from "./listen.js";
import { providers, PROVIDERS_HELP } from "./providers.js";
import { send, SEND_HELP } from "./send.js";
import { sign, SIGN_HELP } from "./sign.js";
import { EXIT, UsageError } from "./usage.js";

const HELP = `countersign: verify, sign and explain webhook deliveries

  countersign listen             receive webhooks on this machine, each verified or explained as it comes
  countersign verify [FILE]      verify a saved request: raw HTTP, a curl command or a HAR file
  countersign explain [FILE]     why it does not verify, step by step
  countersign sign               the headers that a provider would write for a body, or a curl command
  countersign send URL           send a signed sample event to your receiver
  countersign providers [NAME]   the providers and their events

  countersign COMMAND --help     the options, examples and exit codes of a command
  countersign --version

The secret comes from COUNTERSIGN_SECRET, --secret-env, --secret-file, or you are asked. It is never printed.

Exit codes
  0 verified, or done   1 not verified   2 the command was not understood   3 nobody answered, or the port is taken`;

interface Command {
  readonly help: string;
  readonly run: (args: string[]) => number | Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  listen: { help: LISTEN_HELP, run: listen },
  verify: { help: VERIFY_HELP, run: (args) => verify(args, false) },
  explain: { help: EXPLAIN_HELP, run: (args) => verify(args, true) },
  sign: { help: SIGN_HELP, run: sign },
  send: { help: SEND_HELP, run: send },
  providers: { help: PROVIDERS_HELP, run: providers },
};

declare const VERSION: string;

async function main([name, ...args]: string[]): Promise<number> {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command.run(args);
  if (name === "--version" || name === "-v") process.stdout.write(`${VERSION}\n`);
  else if (name === "help" && args[0] !== undefined && Object.hasOwn(COMMANDS, args[0]))
    process.stdout.write(`${COMMANDS[args[0]]!.help}\n`);
  else if (name === "--help" || name === "-h" || name === "help") process.stdout.write(`${HELP}\n`);
  else if (name === undefined) {
    process.stderr.write(`${HELP}\n`);
    return EXIT.usage;
  } else throw new UsageError(`There is no such command. Commands: ${Object.keys(COMMANDS).join(", ")}.`);
  return EXIT.done;
}

// A reader that stops reading, such as head, is no error.
process.stdout.on("error", () => process.exit(EXIT.done));

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`countersign: ${error.message}\n`);
    process.exitCode = EXIT.usage;
  },
);
