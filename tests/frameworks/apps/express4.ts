// The same for Express 4, beside whose types the package is installed once more.
import type { Webhook } from "countersign";
import { expressWebhook } from "countersign/express";
import express, { type RequestHandler } from "express";

declare const webhook: Webhook<"resend">;

// Only Express 4 has it.
express().all("/hook", (req) => req.param("a"));
express().all(
  "/hook",
  expressWebhook(webhook, {
    handler: (_, { req, res }) => {
      req.param(req.ip ?? "");
      res.json({});
      // @ts-expect-error Express has no such property
      req.nope;
    },
  }),
);
export const onExpress: RequestHandler = expressWebhook(webhook, { handler: (_, { req }) => req.param("a") });
