// What is sent to every app, signed by node:crypto, and the answer that has to come.
import { createHmac } from "node:crypto";
import { SECRET } from "./apps/secret.js";

const body = JSON.stringify({
  id: "evt_1",
  object: "event",
  type: "invoice.paid",
  data: { object: { name: "Zürich ✈" } },
});

function signed({ at = Math.floor(Date.now() / 1000), secret = SECRET } = {}) {
  const mac = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return { headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${mac}` }, body };
}

export const deliveries = [
  { name: "genuine", ...signed(), answer: "200 invoice.paid" },
  { name: "tampered", ...signed(), body: body.replace("evt_1", "evt_2"), answer: "401" },
  { name: "of another secret", ...signed({ secret: `${SECRET}0` }), answer: "401" },
  { name: "an hour old", ...signed({ at: Math.floor(Date.now() / 1000) - 3600 }), answer: "401" },
  { name: "unsigned", body, headers: { "content-type": "application/json" }, answer: "400" },
];
