// A receiver as its README shows it; the others beside it are the same for the other packages.
import { Webhook } from "countersign";

const webhook = new Webhook("stripe", process.env.SECRET);

globalThis.receive = ({ headers, body }) => webhook.verify({ headers, body }).payload;
