// Each bundler as its documentation sets it up, for a page or for Node, with nothing added for countersign.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Each writes one file, and says which files it holds code of. Rollup does not minify. */
export const bundlers = { esbuild, rollup, webpack, vite };

/**
 * @param {{ entry: string, folder: string, platform: "page" | "node", minify?: boolean, plugins?: (name: string) => unknown[] }} options
 * @returns what was written: the file, its text, and the files that it holds code of
 */
export async function bundle(name, options) {
  const { file, inside } = await bundlers[name]({ minify: true, plugins: () => [], ...options });
  return { file, inside, code: readFileSync(file, "utf8") };
}

async function esbuild({ entry, folder, platform, minify }) {
  const { build } = await import("esbuild");
  const file = join(folder, platform === "page" ? "esbuild.js" : "esbuild.mjs");
  const { metafile } = await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    minify,
    platform: platform === "page" ? "browser" : "node",
    format: platform === "page" ? "iife" : "esm",
    metafile: true,
    logLevel: "warning",
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  return { file, inside: Object.keys(inputs).filter((name) => inputs[name].bytesInOutput > 0) };
}

async function rollup({ entry, folder, platform, plugins }) {
  const { rollup } = await import("rollup");
  const { nodeResolve } = await import("@rollup/plugin-node-resolve");
  const build = await rollup({
    input: entry,
    plugins: [nodeResolve({ browser: platform === "page", preferBuiltins: platform === "node" }), ...plugins("rollup")],
    onwarn(warning) {
      throw new Error(`rollup warns: ${warning.message}`);
    },
  });
  const file = join(folder, "rollup.mjs");
  const { output } = await build.write({ file, format: "es", inlineDynamicImports: true });
  await build.close();
  return { file, inside: rendered(output[0]) };
}

/** Rollup's account, which Vite's has the form of. */
function rendered({ modules }) {
  return Object.keys(modules).filter((name) => modules[name].renderedLength > 0);
}

async function webpack({ entry, folder, platform, minify }) {
  const { default: webpack } = await import("webpack");
  const filename = platform === "page" ? "webpack.js" : "webpack.cjs";
  const compiler = webpack({
    mode: "production",
    target: platform === "page" ? "web" : "node20",
    context: dirname(entry),
    entry,
    output: { path: folder, filename },
    optimization: { minimize: minify },
    performance: { hints: false },
  });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, stats) => compiler.close(() => (error ? reject(error) : resolve(stats))));
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
  const inside = [];
  for (const module of stats.compilation.modules) {
    // Those that became part of another one are listed there.
    for (const part of module.modules ?? [module]) {
      const used = [...stats.compilation.chunks].some((chunk) =>
        stats.compilation.chunkGraph.isModuleInChunk(module, chunk),
      );
      if (used && part.resource) inside.push(part.resource);
    }
  }
  return { file: join(folder, filename), inside };
}

async function vite({ entry, folder, platform, minify, plugins }) {
  const { build } = await import("vite");
  const { output } = await build({
    root: dirname(entry),
    configFile: false,
    logLevel: "error",
    plugins: plugins("vite"),
    ssr: { noExternal: true },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify,
      ...(platform === "node" ? { ssr: entry } : {}),
      rolldownOptions: { input: entry, output: { entryFileNames: "vite.mjs" } },
    },
  });
  const chunk = output.find(({ isEntry }) => isEntry);
  return { file: join(folder, chunk.fileName), inside: rendered(chunk) };
}
