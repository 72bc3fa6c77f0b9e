// AWS Lambda behind a function URL or API Gateway: PlaneConnection's webhooks, each handled once, with Upstash Redis as
// the memory, since a function keeps none of its own.
//   npm install && zip -r function.zip . && aws lambda update-function-code --zip-file fileb://function.zip …
// The handler is index.handler; it reads PLANECONNECTION_WEBHOOK_SECRET, UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN.
import { Webhook } from "countersign";
import { lambdaHandler } from "countersign/aws-lambda";
import { upstashReplay } from "countersign/replay/upstash";

const webhook = new Webhook("planeconnection", process.env.PLANECONNECTION_WEBHOOK_SECRET);

export const handler = lambdaHandler(webhook, {
  replay: upstashReplay({
    url: process.env.UPSTASH_REDIS_REST_URL,
    token: process.env.UPSTASH_REDIS_REST_TOKEN,
  }),
  handler: (event) => {
    if (event.type === "trip.crew_assigned") console.log(`crew assigned: ${event.payload.data.trip_id}`);
    else console.log(`nothing to do for ${event.type}`);
  },
});
