// Who takes part. Each way to verify is what a careful user of it would write in a receiver that has the raw body as a
// Buffer and the headers as Node's plain object. All throw, or answer false, where the signature is wrong.
//
// Imports are made on demand, so that the cold start of one does not pay for another.

export const SECRETS = {
  stripe: "whsec_K7pXq2LmVt9RzB4wc3Hn8sYdF6uJ1eGa",
  svix: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  github: "It's a Secret to Everybody",
};

/** What every request brings along. */
const NOISE = {
  host: "hooks.example.com",
  "user-agent": "Sender/1.0 (+https://example.com/webhooks)",
  "content-type": "application/json; charset=utf-8",
  accept: "*/*",
  "accept-encoding": "gzip, deflate",
  "cache-control": "no-cache",
  "x-forwarded-for": "203.0.113.7",
  "x-forwarded-proto": "https",
  "x-request-id": "5c1d8f0e-2b6a-4b39-9f6e-0d6e1f7a2b3c",
};

/** Signs as the provider does, so that no contestant makes its own test data. */
export async function signed(scheme, body, at = Math.floor(Date.now() / 1000)) {
  const { createHmac } = await import("node:crypto");
  const mac = (key, prefix, encoding) => createHmac("sha256", key).update(prefix).update(body).digest(encoding);
  const headers = { ...NOISE, "content-length": String(body.length) };
  if (scheme === "stripe") {
    headers["stripe-signature"] = `t=${at},v1=${mac(SECRETS.stripe, `${at}.`, "hex")}`;
  } else if (scheme === "svix") {
    const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const signature = `v1,${mac(Buffer.from(SECRETS.svix.slice(6), "base64"), `${id}.${at}.`, "base64")}`;
    // The same scheme under both names, so that both libraries find theirs.
    for (const name of ["svix", "webhook"]) {
      headers[`${name}-id`] = id;
      headers[`${name}-timestamp`] = String(at);
      headers[`${name}-signature`] = signature;
    }
  } else {
    headers["x-github-event"] = "pull_request";
    headers["x-github-delivery"] = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
    headers["x-hub-signature-256"] = `sha256=${mac(SECRETS.github, "", "hex")}`;
  }
  return { headers, body };
}

async function countersign(scheme) {
  const { Webhook } = await import("countersign");
  const webhook = new Webhook(scheme, SECRETS[scheme]);
  return {
    verify: (delivery) => webhook.verify(delivery),
    payload: (delivery) => webhook.verify(delivery).payload,
  };
}

/** The snippet that people copy from a provider's page, written well: no length oracle, both sides of the window. */
async function snippet(scheme) {
  const { createHmac, timingSafeEqual } = await import("node:crypto");
  const key = scheme === "svix" ? Buffer.from(SECRETS.svix.slice(6), "base64") : SECRETS[scheme];
  const equal = (given, expected) => given.length === expected.length && timingSafeEqual(given, expected);
  const fresh = (text) => Math.abs(Date.now() / 1000 - Number(text)) <= 300;
  const check = {
    stripe({ headers, body }) {
      let t = "";
      let v1 = "";
      for (const item of headers["stripe-signature"].split(",")) {
        if (item.startsWith("t=")) t = item.slice(2);
        else if (item.startsWith("v1=")) v1 = item.slice(3);
      }
      const expected = createHmac("sha256", key).update(`${t}.`).update(body).digest();
      return equal(Buffer.from(v1, "hex"), expected) && fresh(t);
    },
    svix({ headers, body }) {
      const id = headers["svix-id"];
      const at = headers["svix-timestamp"];
      const expected = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest();
      const valid = headers["svix-signature"]
        .split(" ")
        .some((item) => item.startsWith("v1,") && equal(Buffer.from(item.slice(3), "base64"), expected));
      return valid && fresh(at);
    },
    github({ headers, body }) {
      const expected = createHmac("sha256", key).update(body).digest();
      return equal(Buffer.from(headers["x-hub-signature-256"].slice(7), "hex"), expected);
    },
  }[scheme];
  const verify = (delivery) => {
    if (!check(delivery)) throw new Error("refused");
    return true;
  };
  return {
    verify,
    payload: (delivery) => {
      verify(delivery);
      return JSON.parse(delivery.body.toString());
    },
  };
}

async function stripe() {
  const { default: Stripe } = await import("stripe");
  const { webhooks } = Stripe;
  return {
    verify: ({ headers, body }) =>
      webhooks.signature.verifyHeader(body, headers["stripe-signature"], SECRETS.stripe, 300),
    payload: ({ headers, body }) => webhooks.constructEvent(body, headers["stripe-signature"], SECRETS.stripe),
  };
}

async function svix() {
  const { Webhook } = await import("svix");
  const webhook = new Webhook(SECRETS.svix);
  // Since version 2 it answers nothing: whoever wants the payload parses.
  return {
    verify({ headers, body }) {
      webhook.verify(body, headers);
      return true;
    },
    payload({ headers, body }) {
      webhook.verify(body, headers);
      return JSON.parse(body.toString());
    },
  };
}

async function standardwebhooks() {
  const { Webhook } = await import("standardwebhooks");
  const webhook = new Webhook(SECRETS.svix);
  return {
    verify({ headers, body }) {
      webhook.verify(body, headers, { jsonParse: false });
      return true;
    },
    payload: ({ headers, body }) => webhook.verify(body, headers),
  };
}

async function octokit() {
  const { verify } = await import("@octokit/webhooks-methods");
  // It takes strings only and answers false.
  const check = async (text, headers) => {
    if (!(await verify(SECRETS.github, text, headers["x-hub-signature-256"]))) throw new Error("refused");
    return true;
  };
  return {
    isAsync: true,
    verify: ({ headers, body }) => check(body.toString(), headers),
    payload: async ({ headers, body }) => {
      const text = body.toString();
      await check(text, headers);
      return JSON.parse(text);
    },
  };
}

/** The order is the order of the tables; ours is first and is what the others are compared with. */
export const SCHEMES = {
  stripe: { title: "Stripe's scheme", contestants: { countersign, "node:crypto": snippet, stripe } },
  svix: { title: "Svix' scheme", contestants: { countersign, "node:crypto": snippet, svix, standardwebhooks } },
  github: {
    title: "GitHub's scheme",
    contestants: { countersign, "node:crypto": snippet, octokit },
  },
};

/** The names that are libraries, as opposed to a snippet. */
export const isLibrary = (name) => name !== "countersign" && name !== "node:crypto";
