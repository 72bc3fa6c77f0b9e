// A request written as a curl command for bash.

/** @param file the file that holds the body, where it is not to be in the command */
export function curlCommand(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  file?: string,
): string {
  const data = file === undefined ? `--data-raw ${quoted(body)}` : `--data-binary @${bash(file)}`;
  const lines = [...Object.entries(headers).map(([name, value]) => `-H ${bash(`${name}: ${value}`)}`), data];
  return `curl -X POST ${bash(url)} \\\n  ${lines.join(" \\\n  ")}`;
}

function bash(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Text as it is, where it is printable; else its bytes in $'…'. */
function quoted(body: Uint8Array): string {
  let text: string | undefined;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    // Not text.
  }
  if (text !== undefined && !/[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(text))
    return `'${text.replaceAll("'", `'\\''`)}'`;
  let bytes = "";
  for (const byte of body) {
    const char = String.fromCharCode(byte);
    bytes +=
      char === "\n"
        ? "\\n"
        : /[ -~]/.test(char) && !/['\\]/.test(char)
          ? char
          : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `$'${bytes}'`;
}
