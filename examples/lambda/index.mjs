// AWS Lambda behind a function URL, API Gateway or a load balancer: PlaneConnection's webhooks, each handled once, with
// Upstash Redis as the memory, since a function keeps none of its own.
//   npm install
//   zip -qr function.zip . && aws lambda update-function-code --function-name webhooks --zip-file fileb://function.zip
// The function's handler is index.handler. Its environment needs PLANECONNECTION_WEBHOOK_SECRET, UPSTASH_REDIS_REST_URL
// and UPSTASH_REDIS_REST_TOKEN.
import { Webhook } from "countersign";
import { lambdaWebhook } from "countersign/aws-lambda";
import { upstashReplay } from "countersign/replay/upstash";

const webhook = new Webhook("planeconnection", process.env.PLANECONNECTION_WEBHOOK_SECRET);

export const handler = lambdaWebhook(webhook, {
  replay: upstashReplay({
    url: process.env.UPSTASH_REDIS_REST_URL,
    token: process.env.UPSTASH_REDIS_REST_TOKEN,
  }),
  handler: (event) => {
    if (event.type === "trip.created") console.log(`new trip: ${event.payload.data.trip_id}`);
    else console.log(`nothing to do for ${event.type}`);
  },
});
