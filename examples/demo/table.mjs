// How the demo looks: aligned within 100 columns, in colour only where a person is looking and wants it.
const colour = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
const style = (code) => (text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = style(1);
const dim = style(2);
const red = style(31);
const green = style(32);
const yellow = style(33);

const WIDTHS = { provider: 17, sent: 34, answer: 4, outcome: 30 };
let lastTitle;

export const print = {
  head(title, lines) {
    console.log(`${bold(title)}\n${lines.map(dim).join("\n")}\n`);
    console.log(dim(columns(" ", "PROVIDER", "SENT", "HTTP", "EVENT, OR WHY NOT", "KEY")));
  },

  section(...lines) {
    console.log(`\n${lines.map(dim).join("\n")}\n`);
    lastTitle = undefined;
  },

  provider() {
    if (lastTitle !== undefined) console.log();
  },

  row({ right, title, sent, answer, event, got, key }) {
    const provider = (title === lastTitle ? dim : bold)(title.padEnd(WIDTHS.provider));
    lastTitle = title;
    const mark = right ? green("✓") : red("✗");
    const status = (answer === 200 ? green : yellow)(String(answer).padEnd(WIDTHS.answer));
    const outcome = event ? (got ?? "no type in the body") : yellow(got);
    console.log(columns(mark, provider, sent, status, outcome, event && dim(key)));
  },

  expected(what, error) {
    console.log(red(`  expected ${what}${error ? `; the receiver says: ${error.message}` : ""}`));
  },

  foot(passed, failed, milliseconds) {
    const counts = `${green(`${passed} passed`)}, ${(failed ? red : dim)(`${failed} failed`)}`;
    console.log(`\n${counts} ${dim(`(${(milliseconds / 1000).toFixed(2)} s)`)}`);
  },
};

function columns(mark, provider, sent, answer, outcome, key) {
  const line = `${mark} ${provider.padEnd(WIDTHS.provider)}  ${sent.padEnd(WIDTHS.sent)} ${answer.padEnd(WIDTHS.answer)} `;
  return key ? `${line}${outcome.padEnd(WIDTHS.outcome)} ${key}` : line + outcome;
}
