// The same with `require`; the modules to require may be named, to try the files that are for `import`.
const [main, explain] = [process.argv[2] ?? "countersign", process.argv[3] ?? "countersign/diagnose"];
const lib = { ...require(main), ...require(explain) };

const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const delivery = { headers: { "x-hub-signature-256": signature }, body: "Hello, World!" };
const first = new lib.Webhook("github", "It's a Secret to Everybody").verify(delivery).key;

Promise.all([import("./suite.mjs"), import("./vectors.mjs")]).then(async ([{ report }, { default: files }]) => {
  console.log(JSON.stringify(await report(lib, files, first)));
});
