// Svix' own.
import { Webhook } from "svix";

const webhook = new Webhook(process.env.SECRET);

globalThis.receive = ({ headers, body }) => {
  webhook.verify(body, headers);
  return JSON.parse(body);
};
