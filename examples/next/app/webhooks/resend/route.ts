// Next.js: Resend's webhooks, each handled once however many servers run, with PostgreSQL as their memory.
//   npm install
//   DATABASE_URL=postgres://… node create-table.mjs
//   npx next build
//   RESEND_WEBHOOK_SECRET=whsec_… DATABASE_URL=postgres://… npx next start --port 3000
import { Webhook } from "countersign";
import { postgresReplay } from "countersign/replay/postgres";
import { Pool } from "pg";

const replay = postgresReplay(new Pool({ connectionString: process.env.DATABASE_URL }));

// Made with the first request: `next build` loads this file too, and knows no secret.
let webhook: Webhook<"resend"> | undefined;

export function POST(request: Request): Promise<Response> {
  webhook ??= new Webhook("resend", process.env.RESEND_WEBHOOK_SECRET);
  return webhook.respond(request, {
    replay,
    handler: (event) => {
      if (event.type === "email.bounced") console.log(`bounced: ${event.payload.data.bounce.type}`);
      else console.log(`nothing to do for ${event.type}`);
    },
  });
}
