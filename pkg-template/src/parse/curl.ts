// A curl command, as browsers copy it ("Copy as cURL", bash or cmd) and as people write it.
import { latin1 } from "./latin1.js";
import { ParseError, type ParsedRequest, type ParseOptions } from "./parsed.js";

/** Options that matter, by their other names. */
const NAMES: Readonly<Record<string, string>> = {
  X: "request",
  H: "header",
  d: "data",
  A: "user-agent",
  b: "cookie",
  e: "referer",
  u: "user",
  F: "form",
  G: "get",
  I: "head",
  T: "upload-file",
  "data-ascii": "data",
};

/** Options with a value that does not matter here. */
const OTHER_VALUES = new Set(
  (
    "o output m max-time connect-timeout x proxy U proxy-user c cookie-jar C continue-at D dump-header E cert cert-type key cacert capath " +
    "K config P ftp-port Q quote r range t telnet-option w write-out y speed-time Y speed-limit z time-cond resolve connect-to retry " +
    "retry-delay retry-max-time limit-rate interface max-redirs ciphers tls-max unix-socket form-string oauth2-bearer aws-sigv4 " +
    "proxy-header url-query stderr trace trace-ascii local-port keepalive-time noproxy dns-servers doh-url"
  ).split(" "),
);

const WITH_VALUE = new Set(
  "request header data data-raw data-binary data-urlencode json url user-agent cookie referer user form upload-file".split(
    " ",
  ),
);

/** The sentence for a command that says `@-`. */
export const FROM_A_PIPE =
  "The body came from another program (@-): save it to a file and give that beside the command.";

export function parseCurl(command: string, { readFile }: ParseOptions = {}): ParsedRequest {
  const words = /\^["\r\n]/.test(command) ? windowsWords(command) : bashWords(command);
  const start = words.findIndex(isCurl);
  if (start < 0) throw new ParseError("This is no curl command.");
  const notes: string[] = [];
  const headers: [string, string][] = [];
  const data: string[] = [];
  let method: string | undefined;
  let url = "";
  let isJson = false;
  let inQuery = false;

  const file = (name: string): string => {
    if (!readFile)
      throw new ParseError(
        name === "-" ? FROM_A_PIPE : `The body is in a file: ${utf8(name)}. Give its bytes beside the command.`,
      );
    return latin1(readFile(utf8(name)));
  };
  const option = (name: string, value: string): void => {
    if (name === "request") method = value;
    else if (name === "url") url ||= utf8(value);
    else if (name === "header") {
      if (value.startsWith("@")) return;
      const [, header, text] = /^([^:;]+)[:;](.*)$/s.exec(value) ?? [];
      // "Name:" takes a header of curl's own away; "Name;" sends it empty.
      if (
        header !== undefined &&
        text !== undefined &&
        (text.trim() !== "" || value.trimEnd().endsWith(";")) &&
        !header.startsWith(":")
      ) {
        headers.push([header.trim(), text.trim()]);
      }
    } else if (name === "user-agent") headers.push(["User-Agent", value]);
    else if (name === "referer") headers.push(["Referer", value]);
    else if (name === "cookie") {
      if (value.includes("=")) headers.push(["Cookie", value]);
    } else if (name === "get") inQuery = true;
    else if (name === "head") method ??= "HEAD";
    else if (name === "form")
      throw new ParseError(
        "The command sends a multipart form, whose boundary is made up anew each time: save the raw request instead.",
      );
    else if (name === "upload-file") {
      data.push(file(value));
      method ??= "PUT";
    } else if (name === "data-raw") data.push(value);
    else if (name === "data") {
      if (value.startsWith("@")) {
        data.push(file(value.slice(1)).replace(/[\r\n\0]/g, ""));
        notes.push("--data removes line breaks from a file; --data-binary sends it as it is.");
      } else data.push(value);
    } else if (name === "data-binary") data.push(value.startsWith("@") ? file(value.slice(1)) : value);
    else if (name === "data-urlencode") data.push(urlEncoded(value, file));
    else if (name === "json") {
      data.push(value.startsWith("@") ? file(value.slice(1)) : value);
      isJson = true;
    }
  };

  for (let at = start + 1; at < words.length; at++) {
    const word = words[at]!;
    const [, long, attached] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (long !== undefined) {
      const name = NAMES[long] ?? long;
      if (WITH_VALUE.has(name)) option(name, attached ?? words[++at] ?? "");
      else if (OTHER_VALUES.has(name)) at++;
      else option(name, "");
    } else if (/^-[^-]/.test(word)) {
      // Several flags in one word; the first that wants a value takes the rest of it.
      for (let i = 1; i < word.length; i++) {
        const letter = word[i]!;
        const name = NAMES[letter] ?? letter;
        if (WITH_VALUE.has(name) || OTHER_VALUES.has(letter)) {
          const value = word.slice(i + 1) || (words[++at] ?? "");
          if (WITH_VALUE.has(name)) option(name, value);
          break;
        }
        option(name, "");
      }
    } else if (word !== "-" && word !== "--") url ||= utf8(word);
  }

  const has = (wanted: string): boolean => headers.some(([name]) => name.toLowerCase() === wanted);
  const text = data.join(isJson ? "" : "&");
  if (data.length > 0 && !inQuery) {
    if (isJson && !has("accept")) headers.push(["Accept", "application/json"]);
    if (!has("content-type"))
      headers.push(["Content-Type", isJson ? "application/json" : "application/x-www-form-urlencoded"]);
  }
  if (inQuery && text) url += (url.includes("?") ? "&" : "?") + text;
  const body = Uint8Array.from(inQuery ? "" : text, (char) => char.charCodeAt(0));
  return {
    format: "curl",
    method: (method ?? (body.length > 0 ? "POST" : "GET")).toUpperCase(),
    url,
    headers,
    body,
    notes,
  };
}

function urlEncoded(value: string, file: (name: string) => string): string {
  const [, name = "", sign, content = ""] = /^([^=@]*)([=@])?(.*)$/s.exec(value) ?? [];
  const text = sign === "@" ? file(content) : sign ? content : name;
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  let encoded = "";
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9\-._~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return sign && name ? `${name}=${encoded}` : encoded;
}

// Words hold one character for each byte, since $'…' can say bytes that are no text.

function bytesOf(text: string): string {
  return latin1(new TextEncoder().encode(text));
}

function utf8(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** The words of the first command that is a curl, as bash reads them. */
function bashWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let hasCurl = false;
  const add = (text: string): void => {
    word = (word ?? "") + text;
  };
  const end = (): void => {
    if (word !== undefined) words.push(word);
    hasCurl ||= word !== undefined && isCurl(word);
    word = undefined;
  };
  const chars = Array.from(command);
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    const next = chars[at + 1];
    if (char === "\\") {
      at++;
      if (next === "\r" && chars[at + 1] === "\n") at++;
      else if (next !== "\n" && next !== "\r" && next !== undefined) add(bytesOf(next));
    } else if (char === "'") {
      const close = chars.indexOf("'", at + 1);
      if (close < 0) throw new ParseError("A single quote is not closed: the command was cut.");
      add(bytesOf(chars.slice(at + 1, close).join("")));
      at = close;
    } else if (char === "$" && next === "'") {
      at = ansi(chars, at + 2, add);
    } else if (char === '"' || (char === "$" && next === '"')) {
      if (char === "$") at++;
      add("");
      for (at++; chars[at] !== '"'; at++) {
        if (at >= chars.length) throw new ParseError("A double quote is not closed: the command was cut.");
        if (chars[at] === "\\" && /["\\$`\n]/.test(chars[at + 1] ?? "")) {
          at++;
          if (chars[at] !== "\n") add(chars[at]!);
        } else add(bytesOf(chars[at]!));
      }
    } else if (/\s/.test(char)) {
      end();
      if (char === "\n" && hasCurl) break;
    } else if (char === "#" && word === undefined) {
      while (at + 1 < chars.length && chars[at + 1] !== "\n") at++;
    } else if (/[|;&<>]/.test(char)) {
      // The next command, or where the answer goes.
      end();
      if (hasCurl) break;
      words.length = 0;
    } else add(bytesOf(char));
  }
  end();
  return words;
}

function isCurl(word: string): boolean {
  return /(^|[\\/])curl(\.exe)?$/.test(word);
}

/** What stands in $'…' from there on; says where it ends. */
function ansi(chars: readonly string[], from: number, add: (text: string) => void): number {
  add("");
  for (let at = from; at < chars.length; at++) {
    if (chars[at] === "'") return at;
    if (chars[at] !== "\\") {
      add(bytesOf(chars[at]!));
      continue;
    }
    const rest = chars.slice(at + 1, at + 10).join("");
    const [, hex] = /^x([0-9a-fA-F]{1,2})/.exec(rest) ?? [];
    const [, short, long] = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest) ?? [];
    const [octal] = /^[0-7]{1,3}/.exec(rest) ?? [];
    const code = short ?? long;
    if (hex !== undefined) {
      add(String.fromCharCode(parseInt(hex, 16)));
      at += 1 + hex.length;
    } else if (code !== undefined) {
      at += 1 + code.length;
      let point = parseInt(code, 16);
      // Browsers write a character beyond U+FFFF as two.
      const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(chars.slice(at + 1, at + 7).join(""))?.[1];
      if (point >= 0xd800 && point < 0xdc00 && low !== undefined) {
        point = 0x10000 + ((point - 0xd800) << 10) + (parseInt(low, 16) - 0xdc00);
        at += 6;
      }
      add(bytesOf(String.fromCodePoint(Math.min(point, 0x10ffff))));
    } else if (octal !== undefined) {
      add(String.fromCharCode(parseInt(octal, 8) & 0xff));
      at += octal.length;
    } else {
      const escaped = ESCAPES[rest[0] ?? ""];
      add(escaped ?? `\\${bytesOf(chars[at + 1] ?? "")}`);
      at++;
    }
  }
  throw new ParseError("A $'…' is not closed: the command was cut.");
}

/** The words as Windows' cmd and then curl.exe read them. */
function windowsWords(command: string): string[] {
  const line = command
    .replace(/\^\r?\n\r?\n/g, "\n")
    .replace(/\^\r?\n/g, " ")
    .replace(/\^(.)/gs, "$1");
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    const next = line[at + 1];
    if (char === "\\" && (next === '"' || (next === "\\" && quoted))) {
      word = (word ?? "") + next;
      at++;
    } else if (char === '"') {
      quoted = !quoted;
      word ??= "";
    } else if (/\s/.test(char) && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (word !== undefined) words.push(word);
  return words.map(bytesOf);
}
