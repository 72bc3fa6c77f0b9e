// Google Cloud Functions and Firebase, in Google's own framework, which reads each body first and keeps its bytes.
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { Webhook } from "countersign";
import { expressWebhook } from "countersign/express";
import { nodeWebhook } from "countersign/node";
import { onRequest } from "firebase-functions/https";
import { SECRET, listen, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

/** Its parser refuses what is not as the content type says, and what it inflates is no longer what was signed. */
const except = {
  "two byte order marks": 400,
  "no UTF-8": 400,
  "no JSON, under JSON's name": 400,
  "a number": 400,
  "another charset": 400,
  "gzip in name only": 400,
  "an unknown encoding": 415,
  "gzip, signed as sent": 500,
};

/** Without `next` there is no other place for what went wrong; what Google's parser refuses is written there too. */
const failures = (box) => (error) => error.expose || box.failed.push(error);

const functions = {
  "Google Cloud Functions, expressWebhook": (box) => {
    console.error = failures(box);
    return expressWebhook(webhook, box.options);
  },
  "Google Cloud Functions, nodeWebhook": (box) =>
    nodeWebhook(webhook, { ...box.options, onError: (error) => box.failed.push(error) }),
  "Firebase, onRequest": (box) => {
    console.error = failures(box);
    return onRequest({}, expressWebhook(webhook, box.options));
  },
};

for (const [name, receive] of Object.entries(functions)) {
  suite(name, {
    start: (box) => {
      const known = name.replaceAll(/\W+/g, "-");
      http(known, receive(box));
      return listen(getTestServer(known));
    },
    except,
    breaks: false,
  });
}
