// What every replay store has to hold, in any runtime: each check gets a store, and throws where it does not hold.

/** Long enough never to end during a check. */
const LONG = 600;
const SHORT = 0.05;

export const checks = {
  async "a key is claimed once, then in progress, then done"({ store, key }) {
    const token = await claimed(store, key);
    equal(typeof token, "string");
    await inProgress(store, key);
    equal(await store.commit(key, token, LONG), true);
    for (let again = 0; again < 3; again++) await isDone(store, key);
  },

  async "a key that was released can be claimed again"({ store, key }) {
    for (let again = 0; again < 3; again++) {
      const token = await claimed(store, key);
      equal(await store.release(key, token), true);
      equal(await store.release(key, token), false);
    }
    await claimed(store, key);
  },

  async "only the newest token counts"({ store, key }) {
    const old = await claimed(store, key);
    await store.release(key, old);
    const token = await claimed(store, key);
    notEqual(token, old);
    for (const wrong of [old, "", "null", token.slice(1), `${token} `, await claimed(store, `${key} another`)]) {
      equal(await store.commit(key, wrong, LONG), false, wrong);
      equal(await store.release(key, wrong), false, wrong);
      await inProgress(store, key);
    }
    equal(await store.commit(key, token, LONG), true);
    for (const late of [token, old, "null", ""]) {
      equal(await store.release(key, late), false, late);
      equal(await store.commit(key, late, SHORT), false, late);
    }
    await isDone(store, key);
  },

  async "after its lease a claim has no rights against the next one"({ store, key }) {
    const late = await claimed(store, key, SHORT);
    const token = await claimedInTheEnd(store, key);
    notEqual(token, late);
    equal(await store.commit(key, late, LONG), false);
    equal(await store.release(key, late), false);
    await inProgress(store, key);
    equal(await store.commit(key, token, LONG), true);
    await isDone(store, key);
  },

  async "a slow handler may commit as long as no other lease runs"({ store, key }) {
    const slow = await claimed(store, key, SHORT);
    await pause(SHORT * 4);
    // Somebody has, but that lease is over too.
    const other = await claimed(store, key, SHORT);
    await pause(SHORT * 4);
    equal(await store.commit(key, slow, LONG), true);
    await isDone(store, key);
    equal(await store.commit(key, other, LONG), false);
  },

  async "what is done is forgotten in the end"({ store, key }) {
    const token = await claimed(store, key);
    equal(await store.commit(key, token, SHORT), true);
    const next = await claimedInTheEnd(store, key);
    await inProgress(store, key);
    equal(await store.commit(key, next, LONG), true);
    await isDone(store, key);
  },

  async "of 50 claims at once exactly one is new"({ store, key }) {
    const race = async (name) => {
      const claims = await Promise.all(Array.from({ length: 50 }, () => store.claim(name, LONG)));
      const count = (state) => claims.filter((claim) => claim.state === state).length;
      equal(`${count("new")} new, ${count("in_progress")} in progress`, "1 new, 49 in progress");
      return claims.find(({ state }) => state === "new").token;
    };
    const token = await race(key);
    equal(await store.commit(key, token, LONG), true);
    // And where a lease is over.
    const late = Array.from({ length: 5 }, (_, at) => `${key} ${at}`);
    for (const name of late) await claimed(store, name, SHORT);
    await pause(SHORT * 4);
    for (const name of late) await race(name);
  },

  async "of many commits and releases at once exactly one counts"({ store, key }) {
    for (let again = 0; again < 5; again++) {
      const name = `${key} ${again}`;
      const token = await claimed(store, name);
      const ends = Array.from({ length: 20 }, () => store.release(name, token));
      equal((await Promise.all(ends)).filter(Boolean).length, 1);
      const next = await claimed(store, name);
      const commits = Array.from({ length: 20 }, () => store.commit(name, next, LONG));
      equal((await Promise.all(commits)).filter(Boolean).length, 1);
      await isDone(store, name);
    }
  },

  async "keys are told apart exactly, whatever is in them"({ store, key }) {
    const odd = [
      ["", " ", "a", "A", "a ", "á", "a\u0301", "ａ", "🔑", "\u200d", "\ufeff", "\ufffd", "ß", "ss", "i", "ı", "İ"],
      ["\0", "\\0", "\\\\0", "\0\0", "\t", "\n", "\r\n", "\x7f", "\x1b[0m"],
      [
        "'",
        '"',
        "`",
        "''; DROP TABLE x; --",
        "%",
        "%00",
        "_",
        "*",
        "?",
        "$1",
        "?1",
        "{a}",
        "{a}b",
        "a/b",
        "a%2Fb",
        "#",
        "../x",
        "__proto__",
      ],
      // The longest: 256 bytes of id.
      ["x".repeat(256), "x".repeat(255), "\u{10348}".repeat(64), "€".repeat(85)],
    ].flat();
    const tokens = new Map();
    for (const name of odd) tokens.set(name, await claimed(store, key + name));
    for (const [at, name] of odd.entries()) {
      await inProgress(store, key + name);
      const end =
        at % 2 ? store.commit(key + name, tokens.get(name), LONG) : store.release(key + name, tokens.get(name));
      equal(await end, true, JSON.stringify(name));
    }
    for (const [at, name] of odd.entries()) {
      if (at % 2) await isDone(store, key + name);
      else await claimed(store, key + name);
    }
  },

  async "lengths may have a fraction, be tiny or be without end"({ store, key }) {
    for (const [at, length] of [
      0.5,
      1e-9,
      1.0005,
      86_400 * 3650,
      253_402_300_799,
      2 ** 53,
      2 ** 64,
      Infinity,
    ].entries()) {
      const name = `${key} ${at}`;
      await claimed(store, name, length);
      const other = `${name} kept`;
      equal(await store.commit(other, await claimed(store, other), length), true);
      if (length < 2) continue;
      await inProgress(store, name, Infinity);
      await isDone(store, other);
    }
  },

  async "within its leases it says what a plain model says"({ store, key }) {
    const random = randomly(0x5eed);
    const held = new Map();
    const tokens = [];
    for (let step = 0; step < 300; step++) {
      const name = `${key} ${random(5)}`;
      const past = tokens[random(tokens.length || 1)];
      const kind = random(3);
      if (kind === 0 || !past) {
        const claim = await store.claim(name, LONG);
        equal(claim.state, held.has(name) ? (held.get(name) === null ? "done" : "in_progress") : "new");
        if (claim.state !== "new") continue;
        held.set(name, claim.token);
        tokens.push({ name, token: claim.token });
      } else if (kind === 1) {
        const holds = held.get(past.name) === past.token;
        equal(await store.release(past.name, past.token), holds);
        if (holds) held.delete(past.name);
      } else if (held.has(past.name) && (random(4) === 0 || held.get(past.name) !== past.token)) {
        // Of a free key it is open whether an old token may commit it.
        const holds = held.get(past.name) === past.token;
        equal(await store.commit(past.name, past.token, LONG), holds);
        if (holds) held.set(past.name, null);
      }
    }
  },
};

/** Runs one check, with a key that nothing else has. */
export async function check(name, store) {
  await checks[name]({ store, key: `check:id:${crypto.randomUUID()}:` });
}

/** Runs them all, where there is no test runner; the names that passed and what failed. */
export async function checkAll(store) {
  const passed = [];
  const failed = {};
  for (const name of Object.keys(checks)) {
    try {
      await check(name, store);
      passed.push(name);
    } catch (error) {
      failed[name] = `${error?.stack ?? error}`;
    }
  }
  return { passed, failed };
}

async function claimed(store, key, lease = LONG) {
  const claim = await store.claim(key, lease);
  equal(claim.state, "new", JSON.stringify(key));
  return claim.token;
}

/** Waits until the store lets go. That it does is the check; when it does is the business of its clock. */
async function claimedInTheEnd(store, key) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(0.02)) {
    const claim = await store.claim(key, LONG);
    if (claim.state === "new") return claim.token;
  }
  throw new Error("It does not let go.");
}

async function inProgress(store, key, most = LONG) {
  const claim = await store.claim(key, LONG);
  equal(claim.state, "in_progress", JSON.stringify(key));
  const { retryAfter } = claim;
  if (!(typeof retryAfter === "number" && retryAfter > 0 && retryAfter <= most))
    throw new Error(`retryAfter is ${retryAfter}`);
}

async function isDone(store, key) {
  equal((await store.claim(key, LONG)).state, "done", JSON.stringify(key));
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function equal(found, expected, what = "") {
  if (found !== expected)
    throw new Error(`${what} found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

function notEqual(found, other) {
  if (found === other) throw new Error(`found ${JSON.stringify(found)} twice`);
}

/** Random numbers that are the same in every run. */
function randomly(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
