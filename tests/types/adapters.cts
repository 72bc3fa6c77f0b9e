// The same for require().
import countersign = require("countersign");
import express = require("countersign/express");
import lambda = require("countersign/aws-lambda");

const webhook = new countersign.Webhook("github", "secret");
export const onExpress = express.expressWebhook(webhook, { handler: (event) => event.payload });
export const onLambda = lambda.lambdaWebhook(webhook, { handler: (event) => event.payload });
