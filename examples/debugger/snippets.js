// A signed request as source text. Each sends exactly the given bytes; none of them holds the secret.

/** `{ url, headers: [name, value][], body: Uint8Array }` as a command or program, by the name of the language. */
export const languages = { curl, fetch: fetchCall, Python: python, Rust: rust };

/** The body as text; undefined where only its bytes say it: not UTF-8, or with characters that editors change. */
function textOf(body) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return /[\0-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

function curl({ url, headers, body }) {
  const text = textOf(body);
  const lines = [
    `curl -sS -X POST ${quoted(url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  // --data-raw, unlike --data-binary, has no meaning for a leading @.
  lines.push(text === undefined ? "--data-binary @-" : `--data-raw ${quoted(text)}`);
  return `${text === undefined ? `printf %s ${quoted(base64(body))} | base64 -d | ` : ""}${lines.join(" \\\n  ")}\n`;
}

const list = (headers, indent, pair) =>
  headers.map(([name, value]) => `${indent}${pair(JSON.stringify(name), JSON.stringify(value))}\n`).join("");

function fetchCall({ url, headers, body }) {
  const text = textOf(body);
  const value =
    text === undefined
      ? `Uint8Array.from(atob(${JSON.stringify(base64(body))}), (char) => char.charCodeAt(0))`
      : JSON.stringify(text);
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: {
${list(headers, "    ", (name, value) => `${name}: ${value},`)}  },
  body: ${value},
});
console.log(response.status, await response.text());
`;
}

// JSON's text literals are Python's as well.
function python({ url, headers, body }) {
  const text = textOf(body);
  const value =
    text === undefined ? `base64.b64decode(${JSON.stringify(base64(body))})` : `${JSON.stringify(text)}.encode()`;
  return `${text === undefined ? "import base64\n" : ""}import urllib.error
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=${value},
    method="POST",
    headers={
${list(headers, "        ", (name, value) => `${name}: ${value},`)}    },
)
try:
    response = urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    response = error
print(response.status, response.read().decode())
`;
}

function rust({ url, headers, body }) {
  const text = textOf(body);
  const value =
    text === undefined
      ? `&[${Array.from(body, (byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(", ")}][..]`
      : rawString(text);
  return `// Cargo.toml: ureq = "3"
fn main() -> Result<(), ureq::Error> {
    let body = ${value};
    let mut response = ureq::post(${rawString(url)})
        .config()
        .http_status_as_error(false)
        .build()
${headers.map(([name, value]) => `        .header(${rawString(name)}, ${rawString(value)})\n`).join("")}        .send(body)?;
    println!("{} {}", response.status(), response.body_mut().read_to_string()?);
    Ok(())
}
`;
}

/** With as many # as the text needs. */
function rawString(text) {
  if (!/["\\]/.test(text)) return `"${text}"`;
  let hashes = "#";
  while (text.includes(`"${hashes}`)) hashes += "#";
  return `r${hashes}"${text}"${hashes}`;
}
