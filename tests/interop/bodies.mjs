// Bodies for the tests beside other packages: the same in every run.
import { random } from "../node/support.mjs";

const ALPHABETS = {
  ascii: " !\"#$%&'()*+,-./0123456789:;<=>?@ABC[]^_`abc{|}~\n\r\t\\",
  unicode: "äöüßéñ漢字かなкириллица\u0301\u200b\u2028\u2029\u00a0\ufffd\u0085",
  emoji: ["🔑", "👩‍👩‍👧‍👦", "🏳️‍🌈", "😀", "\u{10ffff}"],
};

const FIXED = [
  "{}",
  "[]",
  "null",
  '"$$ $& $\' $`"',
  "\ufeff{}",
  " {}\n",
  "\0",
  "{body}",
  "1.2",
  "a=b&c=d",
  "%00",
  "\u0000\u0001",
];

/** `count` texts: most of them JSON with random strings, some not JSON at all. */
export function bodies(seed, count) {
  const next = random(seed);
  const pick = (list) => list[next(list.length)];
  const text = (alphabet) => Array.from({ length: next(60) }, () => pick([...alphabet])).join("");
  const all = FIXED.slice();
  while (all.length < count) {
    const words = Object.values(ALPHABETS).map(text);
    const value = { type: "x.y", data: words, [words[1]]: next(1e9) };
    all.push(pick([JSON.stringify(value), JSON.stringify(value, null, 2), words.join("")]) || "{}");
  }
  return all;
}

/** Whether a package that parses what it has verified can parse this. */
export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Counts what was compared and what the other package cannot do, and says so in the report. */
export function tally(t) {
  const counts = new Map();
  return {
    add: (what) => counts.set(what, (counts.get(what) ?? 0) + 1),
    report: () => t.diagnostic([...counts].map(([what, count]) => `${count} ${what}`).join("; ")),
    of: (what) => counts.get(what) ?? 0,
  };
}
