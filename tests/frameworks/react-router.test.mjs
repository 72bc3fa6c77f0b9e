// React Router, as a framework: resource routes in its server, as the build writes them.
import { Webhook } from "countersign";
import { createRequestHandler } from "react-router";
import { serveFetch } from "./support/fetch.mjs";
import { SECRET, suite } from "./support/suite.mjs";

const webhook = new Webhook("standard-webhooks", SECRET);

suite("React Router", {
  start: (box) => {
    const receive = ({ request }) => webhook.respond(request, box.options);
    const late = async ({ request }) => {
      await request.json();
      return receive({ request });
    };
    const routes = {
      hook: { id: "hook", path: "hook", module: { action: receive, loader: receive } },
      json: { id: "json", path: "json", module: { action: late, loader: receive } },
    };
    // As React Router's documents write it: each broken connection is reported too.
    const handleError = (error, { request }) => request.signal.aborted || box.failed.push(error);
    const entry = { module: { default() {}, handleError } };
    const assets = { entry: { imports: [], module: "" }, routes: {}, url: "", version: "1" };
    const build = { entry, routes, assets, publicPath: "/", assetsBuildDirectory: "", future: {}, ssr: true };
    const handle = createRequestHandler(
      { ...build, isSpaMode: false, prerender: [], routeDiscovery: {} },
      "production",
    );
    return serveFetch(box, (request) => handle(request));
  },
  parsed: { "/json": /has been read/ },
  cuts: true,
});
