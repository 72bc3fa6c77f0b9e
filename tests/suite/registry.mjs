// An npm registry on this machine with one package: what Deno's `npm:` specifiers ask, answered from the tarball.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** The package as installed; `cargo xtask` has put the tarball beside the copy in which the tests run. */
const { name, version, ...manifest } = JSON.parse(
  readFileSync(new URL("../../node_modules/countersign/package.json", import.meta.url), "utf8"),
);
const TARBALL = new URL(`../../../npm/${name}-${version}.tgz`, import.meta.url);

/** Its address, and the paths that were asked for so far. */
export async function startRegistry(t) {
  const tarball = readFileSync(TARBALL);
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    if (request.url === `/${name}.tgz`) return response.end(tarball);
    if (request.url !== `/${name}`) return response.writeHead(404).end();
    const dist = {
      tarball: `${address}/${name}.tgz`,
      integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
    };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        name,
        "dist-tags": { latest: version },
        versions: { [version]: { name, version, ...manifest, dist } },
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const address = `http://127.0.0.1:${server.address().port}`;
  return { address, asked };
}
