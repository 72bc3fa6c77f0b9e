// How things look in a terminal: calm colours where they are wanted, columns, and nothing that a delivery could paint.
import process from "node:process";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof CODES;

/** Writes to one stream, in colours where it is a terminal that has them. */
export class Paint {
  readonly #on: boolean;
  readonly width: number;
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
    this.#stream = stream;
    this.#on = NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== "0" : Boolean(stream.isTTY) && TERM !== "dumb";
    this.width = Math.max(40, Math.min(stream.columns || 100, 100));
  }

  /** The text in a colour. */
  in(colour: Colour, text: string): string {
    return this.#on ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;
  }

  line(text = ""): void {
    this.#stream.write(`${text}\n`);
  }

  /** A label, and a text beside it that is wrapped under its own beginning. */
  entry(
    label: string,
    text: string,
    { indent = 2, column = 9, colour }: { indent?: number; column?: number; colour?: Colour } = {},
  ): void {
    const start = " ".repeat(indent) + this.in("dim", label.padEnd(column));
    const rest = " ".repeat(indent + column);
    wrapped(text, this.width - indent - column).forEach((part, at) => {
      this.line((at === 0 ? start : rest) + (colour ? this.in(colour, part) : part));
    });
  }
}

/** Lines of at most that many characters, broken at spaces where there are some. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
    while (line.length > Math.max(width, 20)) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}

/** Text that somebody else wrote: characters that would move the cursor, hide or reorder text are shown as escapes. */
export function visible(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (char) => {
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** A number of bytes, as people say it. */
export function size(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1e6
      ? `${(bytes / 1000).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A span of seconds, as people say it. */
export function span(seconds: number): string {
  const text = short(Math.abs(seconds));
  return seconds < 0 ? `${text} ahead` : `${text} ago`;
}

/** A length of time in words, rounded down; exact below two minutes. */
export function length(seconds: number): string {
  const [size, word] =
    seconds < 120
      ? [1, "second"]
      : seconds < 7200
        ? [60, "minute"]
        : seconds < 172_800
          ? [3600, "hour"]
          : seconds < 63_115_200
            ? [86_400, "day"]
            : [31_557_600, "year"];
  const amount = Math.floor(seconds / size);
  return `${amount} ${word}${amount === 1 ? "" : "s"}`;
}

function short(abs: number): string {
  const [amount, unit] =
    abs < 120
      ? [abs, "s"]
      : abs < 7200
        ? [abs / 60, "min"]
        : abs < 172_800
          ? [abs / 3600, "h"]
          : [abs / 86_400, "days"];
  return `${Math.round(amount)} ${unit}`;
}
