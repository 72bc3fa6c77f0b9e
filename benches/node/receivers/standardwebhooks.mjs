// The reference implementation of Standard Webhooks.
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.SECRET);

globalThis.receive = ({ headers, body }) => webhook.verify(body, headers);
