// Google Cloud Functions and Firebase, in Google's own framework, which reads each body first and keeps its bytes.
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { Webhook } from "countersign";
import { expressWebhook } from "countersign/express";
import { nodeWebhook } from "countersign/node";
import { onRequest } from "firebase-functions/https";
import { SECRET, listen, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

/** What it answers, or what it changes, before a function is called. */
const except = {};

const functions = {
  "Google Cloud Functions, expressWebhook": (box) => {
    // Without `next` there is no other place for what went wrong.
    console.error = (error) => box.failed.push(error);
    return expressWebhook(webhook, box.options);
  },
  "Google Cloud Functions, nodeWebhook": (box) =>
    nodeWebhook(webhook, { ...box.options, onError: (error) => box.failed.push(error) }),
  "Firebase, onRequest": (box) => {
    console.error = (error) => box.failed.push(error);
    return onRequest({}, expressWebhook(webhook, box.options));
  },
};

for (const [name, receive] of Object.entries(functions)) {
  suite(name, {
    start: (box) => {
      http(name, receive(box));
      return listen(getTestServer(name));
    },
    except,
    breaks: false,
  });
}
