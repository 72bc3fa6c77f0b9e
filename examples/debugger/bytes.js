// Bytes as text in which nothing is invisible, and as a hex dump.
import { h } from "./dom.js";

/** More is not shown: the beginning and the end are what matters. */
const HEAD = 6000;
const TAIL = 1000;

const NAMES = new Map([
  [0x00a0, "NBSP"],
  [0x00ad, "SHY"],
  [0x200b, "ZWSP"],
  [0x200c, "ZWNJ"],
  [0x200d, "ZWJ"],
  [0x200e, "LRM"],
  [0x200f, "RLM"],
  [0x2028, "LS"],
  [0x2029, "PS"],
  [0x202a, "LRE"],
  [0x202b, "RLE"],
  [0x202c, "PDF"],
  [0x202d, "LRO"],
  [0x202e, "RLO"],
  [0x2060, "WJ"],
  [0x2066, "LRI"],
  [0x2067, "RLI"],
  [0x2068, "FSI"],
  [0x2069, "PDI"],
  [0xfeff, "BOM"],
  [0xfffd, "U+FFFD"],
]);

/**
 * The signed bytes, part by part: each is `{ name, bytes }`, and the names colour them.
 */
export function bytesView(parts) {
  const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const text = h("pre", { class: "bytes", tabindex: "0", role: "region", "aria-label": "Signed bytes as text" });
  for (const { name, bytes } of parts) text.append(h("span", { class: `part ${name}` }, visible(bytes)));
  const hex = h("pre", {
    class: "bytes hex",
    tabindex: "0",
    role: "region",
    "aria-label": "Signed bytes in hex",
    hidden: true,
  });
  const button = (label, shows, others) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(shows === text),
        onclick({ currentTarget }) {
          if (shows === hex && !hex.hasChildNodes()) hex.append(hexDump(join(parts, total)));
          for (const other of currentTarget.parentElement.children)
            other.setAttribute("aria-pressed", String(other === currentTarget));
          shows.hidden = false;
          others.hidden = true;
        },
      },
      label,
    );
  const legend = parts
    .filter(({ name, bytes }) => name !== "between" && bytes.length > 0)
    .map(({ name, bytes }) => h("li", { class: `part ${name}` }, `${name}, ${count(bytes.length, "byte")}`));
  return h(
    "div",
    { class: "bytes-view" },
    h(
      "div",
      { class: "bytes-head" },
      h(
        "div",
        { class: "toggle", role: "group", "aria-label": "Show the bytes as" },
        button("Text", text, hex),
        button("Hex", hex, text),
      ),
      h("ul", { class: "legend" }, legend),
    ),
    text,
    hex,
  );
}

export const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

function join(parts, total) {
  const all = new Uint8Array(total);
  let at = 0;
  for (const { bytes } of parts) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

/** Text and marks; what is at the very end and invisible stands out. */
export function visible(bytes) {
  if (bytes.length <= HEAD + TAIL) return marked(bytes, true);
  const left = bytes.length - HEAD - TAIL;
  return [
    marked(bytes.subarray(0, HEAD), false),
    h("span", { class: "gap" }, `… ${count(left, "byte")} not shown …`),
    marked(bytes.subarray(bytes.length - TAIL), true),
  ].flat();
}

function marked(bytes, isEnd) {
  const found = [];
  let plain = "";
  const add = (label, after = "") => {
    if (plain) found.push(plain);
    plain = after;
    found.push(h("span", { class: "mark-char" }, label));
  };
  for (const [text, invalid] of characters(bytes)) {
    const code = text.codePointAt(0);
    if (invalid !== undefined) add(`\\x${invalid.toString(16).padStart(2, "0")}`);
    else if (text === "\n") add("LF", "\n");
    else if (text === "\r") add("CR");
    else if (text === "\t") add("TAB", "\t");
    else if (code < 0x20) add(String.fromCodePoint(0x2400 + code));
    else if (code === 0x7f) add("\u2421");
    else if (NAMES.has(code)) add(NAMES.get(code));
    else plain += text;
  }
  const trailing = /^([^ ]*.*?[^ ])?( +)$/s.exec(plain);
  if (isEnd && trailing) {
    plain = trailing[1] ?? "";
    for (const _ of trailing[2]) add("SP");
  }
  if (plain) found.push(plain);
  if (isEnd) {
    for (let at = found.length - 1; at >= 0; at--) {
      if (typeof found[at] === "string" && found[at].trim() === "") continue;
      if (typeof found[at] === "string") break;
      found[at].classList.add("at-end");
    }
  }
  return found;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Each character; for a byte that is no UTF-8, that byte. */
function* characters(bytes) {
  try {
    for (const text of decoder.decode(bytes)) yield [text];
    return;
  } catch {
    // Not UTF-8 as a whole: byte by byte.
  }
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] < 0x80 ? 1 : bytes[at] >= 0xf0 ? 4 : bytes[at] >= 0xe0 ? 3 : 2;
    try {
      yield [decoder.decode(bytes.subarray(at, at + length))];
      at += length;
    } catch {
      yield ["\ufffd", bytes[at]];
      at += 1;
    }
  }
}

/** Rows of offset, hex and ASCII. */
export function hexDump(bytes, width = matchMedia("(max-width: 40rem)").matches ? 8 : 16) {
  const rows = [];
  const limit = Math.min(bytes.length, HEAD);
  const row = (from) => {
    const line = bytes.subarray(from, Math.min(from + width, bytes.length));
    const hex = Array.from(line, (byte) => byte.toString(16).padStart(2, "0"));
    if (width > 8 && hex.length > 8) hex.splice(8, 0, "");
    const ascii = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    return `${from.toString(16).padStart(6, "0")}  ${hex.join(" ").padEnd(width * 3 + (width > 8 ? 1 : 0))} ${ascii}`;
  };
  for (let from = 0; from < limit; from += width) rows.push(row(from));
  const tail = Math.max(rows.length * width, Math.floor((bytes.length - TAIL) / width) * width);
  if (tail > rows.length * width) rows.push("…");
  for (let from = tail; from < bytes.length; from += width) rows.push(row(from));
  return rows.join("\n");
}
