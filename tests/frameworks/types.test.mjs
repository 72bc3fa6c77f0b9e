// The README's snippets for frameworks, and our own uses, compiled as a strict project with the frameworks' own types.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { app, build } from "./support/built.mjs";

const manifest = createRequire(import.meta.url).resolve("countersign/package.json");
const readme = readFileSync(manifest.replace("package.json", "README.md"), "utf8");
const section = readme.split("\n## ").find((text) => text.startsWith("In your framework"));

const NAMES = { "webhook.ts": "webhook", "NestJS on Express: the controller": "hook.controller" };

const GLOBALS = `
declare const Deno: { serve(handler: (request: Request) => Promise<Response>): void };
declare const Bun: { serve(options: { fetch(request: Request): Promise<Response> }): void };
`;

test("the README's snippets and apps/types.ts compile", async () => {
  const folder = app("built/readme");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const snippets = [...section.matchAll(/```ts\n\/\/ (.*)\n([\s\S]*?)```/g)];
  assert.equal(snippets.length, section.split("```ts").length - 1, "each begins with its name");
  assert.ok(snippets.length >= 14, `${snippets.length}`);
  for (const [, name, code] of snippets) {
    writeFileSync(`${folder}/${NAMES[name] ?? name.replaceAll(/\W+/g, "-")}.ts`, code);
  }
  writeFileSync(`${folder}/globals.d.ts`, GLOBALS);
  const compilerOptions = {
    ...{ noEmit: true, strict: true, target: "es2022", module: "nodenext", moduleDetection: "force", types: ["node"] },
    ...{ skipLibCheck: true, experimentalDecorators: true, emitDecoratorMetadata: true, declaration: true },
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: [".", "../../types.ts"] }));
  await build("built/readme", "typescript", "tsc");
});
