// The TypeScript blocks of all documents, and our own uses, compiled as a strict project with the frameworks' own types.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { blocks } from "../support/documents.mjs";
import { app, build } from "./support/built.mjs";

/** Blocks that others import, by their first line. */
const NAMES = { "// webhook.ts": "webhook", "// NestJS on Express: the controller": "hook.controller" };

const PACKAGE = fileURLToPath(new URL("../../node_modules/countersign", import.meta.url));

const GLOBALS = `
declare const Deno: {
  serve(handler: (request: Request) => Promise<Response>): void;
  env: { get(name: string): string | undefined };
};
declare const defineEventHandler: typeof import("h3-1").defineEventHandler;
declare const toWebRequest: typeof import("h3-1").toWebRequest;
declare const Bun: { serve(options: { fetch(request: Request): Promise<Response> }): void };
`;

function emptyFolder(name) {
  const folder = app(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

test("the blocks of all documents and apps/types.ts compile", async () => {
  const folder = emptyFolder("built/documents");
  const found = blocks("ts");
  for (const { document, number, code } of found) {
    const name = NAMES[code.slice(0, code.indexOf("\n"))] ?? `${document.replaceAll(/\W+/g, "-")}-${number}`;
    writeFileSync(`${folder}/${name}.ts`, code);
  }
  assert.ok(found.length >= 30, `${found.length}`);
  writeFileSync(`${folder}/globals.d.ts`, GLOBALS);
  const compilerOptions = {
    ...{ noEmit: true, strict: true, target: "es2022", module: "nodenext", moduleDetection: "force", types: ["node"] },
    ...{ skipLibCheck: true, experimentalDecorators: true, emitDecoratorMetadata: true, declaration: true },
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: [".", "../../types.ts"] }));
  await build("built/documents", "typescript", "tsc");
});

const RESOLUTIONS = {
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

/** What a strict compiler says, but not about the frameworks' own declarations: some have mistakes of their own. */
function mistakes(file, options) {
  const strict = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, types: ["node"], esModuleInterop: true };
  const program = ts.createProgram([file], { ...strict, ...options });
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => !file || !/node_modules\/(?!countersign\/)/.test(file.fileName.split("/apps/").at(-1)))
    .map(({ file, start, messageText }) => {
      const line = file && file.getLineAndCharacterOfPosition(start).line + 1;
      return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
}

for (const [name, resolution] of Object.entries(RESOLUTIONS)) {
  for (const skipLibCheck of [true, false]) {
    test(`a handler's context has the framework's types: ${name}, skipLibCheck ${skipLibCheck}`, () => {
      const [contexts, express4] = ["contexts", "express4"].map((name) => {
        const folder = emptyFolder(`built/${name}`);
        cpSync(app(`${name}.ts`), `${folder}/app.ts`);
        // Where an app has it: there it finds the frameworks that the app has.
        cpSync(PACKAGE, `${folder}/node_modules/countersign`, { recursive: true });
        return folder;
      });
      cpSync(app("../node_modules/types-express4"), `${express4}/node_modules/@types/express`, { recursive: true });
      for (const file of [contexts, express4].map((folder) => `${folder}/app.ts`)) {
        assert.deepEqual(mistakes(file, { ...resolution, skipLibCheck }), []);
      }
    });
  }
}

test("the tests that docs/testing.md shows pass", async () => {
  const folder = emptyFolder("built/testing");
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const files = blocks("ts").filter(({ document }) => document === "docs/testing.md");
  assert.ok(files.length > 0);
  for (const { number, code } of files) {
    const file = `${folder}/${number}.test.mjs`;
    writeFileSync(file, ts.transpileModule(code, { compilerOptions }).outputText);
    // The variable says to node that it is a part of this run, whose report it would then write.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { stdout } = await promisify(execFile)(process.execPath, ["--test", "--test-reporter=tap", file], { env });
    assert.match(stdout, /# pass [1-9]/);
    assert.match(stdout, /# fail 0/);
  }
});
