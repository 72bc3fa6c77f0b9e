// The blocks of code in all documents, for the tests that compile or run them.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const top = new URL("../../", import.meta.url);
const manifest = createRequire(import.meta.url).resolve("countersign/package.json");

/** The documents of the repository by their paths, and npm's page as the package has it. */
export function documents() {
  const inside = (folder) =>
    readdirSync(new URL(folder || ".", top))
      .filter((name) => name.endsWith(".md"))
      .map((name) => folder + name);
  const found = [...inside(""), ...inside("docs/"), ...inside("tests/")];
  const all = found.map((document) => ({ document, text: readFileSync(new URL(document, top), "utf8") }));
  return [...all, { document: "npm", text: readFileSync(manifest.replace("package.json", "README.md"), "utf8") }];
}

/** Every block of a language, with its document and its number there. */
export function blocks(language) {
  return documents().flatMap(({ document, text }) => {
    // A block may stand in a list.
    const fenced = text.matchAll(/^( *)```(\S+)\n([\s\S]*?)^ *```$/gm);
    const found = [...fenced].filter(([, , name]) => name === language);
    return found.map(([, indent, , lines], number) => {
      const code = lines.replaceAll(new RegExp(`^${indent}`, "gm"), "");
      return { document, number, code };
    });
  });
}
