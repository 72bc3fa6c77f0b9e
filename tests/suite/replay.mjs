// What every replay store must do, in any runtime: `checkReplayStore(store)` throws where it does not.

/** Seconds; the only waiting is for leases and memories to end. */
const SHORT = 0.2;
const LONG = 60;

let runs = 0;

export async function checkReplayStore(store) {
  // Stores may be shared by several runs.
  const run = `${Date.now()}-${runs++}-${Math.random()}`;
  let keys = 0;
  const newKey = (text = "") => `github:id:${run}:${keys++}${text}`;
  const ended = () => new Promise((resolve) => setTimeout(resolve, SHORT * 1000 + 100));
  const claimed = async (key, lease = LONG) => {
    const claim = await store.claim(key, lease);
    is(claim.state, "new", `claim of ${key}`);
    is(typeof claim.token, "string", "token");
    return claim.token;
  };
  const state = async (key, wanted) => is((await store.claim(key, LONG)).state, wanted, `state of ${key}`);

  for (const key of [newKey(), newKey(" ünï ☃ \u0001'\"\\%_{}"), newKey("x".repeat(300))]) {
    const token = await claimed(key);
    const { retryAfter } = await inProgress(store, key);
    is(retryAfter > LONG - 10 && retryAfter <= LONG, true, `retryAfter ${retryAfter}`);
    is(await store.commit(key, token, LONG), true, "commit");
    await state(key, "done");
    is(await store.release(key, token), false, "release of what is done");
    await state(key, "done");
  }

  // A failed handler frees its key, for a claim with another token.
  {
    const key = newKey();
    const first = await claimed(key);
    is(await store.release(key, "0".repeat(32)), false, "release with a token of nobody");
    await inProgress(store, key);
    is(await store.release(key, first), true, "release");
    is((await claimed(key)) !== first, true, "tokens differ");
    is(await store.commit(key, first, LONG), false, "commit of what another holds");
    is(await store.release(key, first), false, "release of what another holds");
    await inProgress(store, key);
  }

  // A lease that is over counts as never made; whoever held it cannot disturb the next.
  {
    const [key, slow] = [newKey(), newKey()];
    const dead = await claimed(key, SHORT);
    const late = await claimed(slow, SHORT);
    await inProgress(store, key);
    await ended();
    const next = await claimed(key);
    is(await store.commit(key, dead, LONG), false, "commit after the lease");
    is(await store.release(key, dead), false, "release after the lease");
    await inProgress(store, key);
    is(await store.commit(key, next, LONG), true, "commit of the next");
    is(await store.commit(slow, late, LONG), true, "a slow handler that nobody has replaced");
    await state(slow, "done");
  }

  // A memory ends.
  {
    const key = newKey();
    is(await store.commit(key, await claimed(key), SHORT), true, "commit");
    await state(key, "done");
    await ended();
    await claimed(key);
  }

  // Of many at the same time, one.
  {
    const key = newKey();
    const claims = await Promise.all(Array.from({ length: 50 }, () => store.claim(key, LONG)));
    is(claims.filter(({ state }) => state === "new").length, 1, "new claims of 50");
    is(claims.filter(({ state }) => state === "in_progress").length, 49, "claims in progress of 50");
  }
}

async function inProgress(store, key) {
  const claim = await store.claim(key, LONG);
  is(claim.state, "in_progress", `state of ${key}`);
  return claim;
}

function is(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${String(found)} instead of ${String(wanted)}`);
}
