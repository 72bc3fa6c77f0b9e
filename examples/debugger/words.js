// Facts in words: durations, times, names of facts.

const SPANS = [
  [31557600, "year"],
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** `2 hours`, rounded down; exact below two minutes. */
export function duration(seconds) {
  const whole = Math.abs(Math.round(seconds));
  const [size, word] = SPANS.find(([size]) => whole >= (size === 60 ? 120 : size)) ?? [1, "second"];
  const number = Math.floor(whole / size);
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

/** `2 hours before the clock`; `at that very second`. */
export function relative(age) {
  if (age === 0) return "at the clock’s time";
  return age > 0 ? `${duration(age)} before the clock` : `${duration(age)} ahead of the clock`;
}

/** `2026-11-21 14:05:09 UTC`. */
export function moment(seconds) {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? String(seconds) : `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `signed_at` becomes `Signed at`. */
export function label(name) {
  const words = name.replaceAll("_", " ").replace(/\bbom\b/, "byte order mark");
  return words[0].toUpperCase() + words.slice(1);
}

/** A fact's value as text. */
export function fact(name, value) {
  if (value === null || value === undefined) return "none";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value === "number") {
    if (/_seconds$/.test(name))
      return Math.abs(value) < 120 ? `${value} s` : `${value.toLocaleString("en")} s (${duration(value)})`;
    if (/^(signed_at|received|expired_at|now)$/.test(name) && value > 1e8) return moment(value);
    return value.toLocaleString("en");
  }
  if (typeof value === "string")
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? moment(Date.parse(value) / 1000) : value;
  return JSON.stringify(value);
}
