// What support/stripe.mjs looks at; nothing runs it.
import type Stripe from "stripe";

export type Events = Stripe.Event;
