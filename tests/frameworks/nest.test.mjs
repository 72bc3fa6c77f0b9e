// NestJS on Express: a controller with injected dependencies, behind the middleware and without it.
import { build } from "./support/built.mjs";
import { SECRET, at, suite } from "./support/suite.mjs";

suite("NestJS", {
  start: async (box) => {
    await build("nest", "typescript", "tsc");
    const { start } = await import("./apps/built/nest/app.js");
    return at((await start(box, SECRET)).getHttpServer());
  },
  parsed: {
    "/json": /In main\.ts, before app\.listen\(\) and all other middleware, call app\.use\(path, rawBody\(\)\)/,
  },
});
