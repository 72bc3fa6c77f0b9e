// stripe's own.
import Stripe from "stripe";

globalThis.receive = ({ headers, body }) =>
  Stripe.webhooks.constructEvent(body, headers["stripe-signature"], process.env.SECRET);
