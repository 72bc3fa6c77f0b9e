// NestJS on Express: a controller with injected dependencies, behind the middleware and without it.
import { build } from "./support/built.mjs";
import { SECRET, at, suite } from "./support/suite.mjs";

suite("NestJS", {
  start: async (box) => {
    await build("nest", "typescript", "tsc");
    const { start } = await import("./apps/built/nest/app.js");
    return at((await start(box, SECRET)).getHttpServer());
  },
  own: {
    "through res": [
      (_, { res }) => res.set("x-mine", "3").status(202).json({ a: 1 }),
      { status: 202, text: '{"a":1}', mine: "3" },
    ],
    "what Nest would send": [
      () => ({ challenge: "a" }),
      { status: 200, text: '{"challenge":"a"}', type: /^application\/json/ },
    ],
    "a text": [() => "own", { status: 200, text: "own", type: /^text\/plain/ }],
    "a status in res": [(_, { res }) => res.status(202), { status: 202, text: "" }],
  },
  failing: { "through res": (_, { res }) => res.status(503).end() },
  parsed: {
    "/json": /In main\.ts, before app\.listen\(\) and all other middleware, call app\.use\(path, rawBody\(\)\)/,
  },
});
