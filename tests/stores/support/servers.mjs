// Starts servers of the tests' own, in temporary folders, and ends them with the test file.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

// The test runner's way to end a test file that takes too long.
process.on("SIGTERM", () => process.exit(1));

/** Redis or Valkey behind a Unix socket, and behind a port where one is named; `cluster` makes it a cluster of one. */
export async function startRedis({ port = 0, cluster = false } = {}) {
  const program = find("redis-server") ?? find("valkey-server");
  if (!program) return { skip: "redis-server is not installed; apt-get install redis-server" };
  const folder = temporaryFolder();
  const path = join(folder, "socket");
  const args = [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--unixsocket",
    path,
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    folder,
  ];
  if (cluster)
    args.push(
      "--cluster-enabled",
      "yes",
      "--cluster-port",
      `${await freePort()}`,
      "--cluster-announce-ip",
      "127.0.0.1",
    );
  await start(program, args, {}, /ready to accept connections/i);
  return { path, port };
}

/** PostgreSQL behind a Unix socket, and behind a port where one is named. */
export async function startPostgres({ port } = {}) {
  const [initdb, postgres] = ["initdb", "postgres"].map(find);
  if (!initdb || !postgres) return { skip: "PostgreSQL is not installed; apt-get install postgresql" };
  const host = temporaryFolder();
  const owner = otherThanRoot();
  if (owner) chownSync(host, owner.uid, owner.gid);
  const data = join(host, "data");
  const made = spawnSync(initdb, ["-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"], {
    ...owner,
    cwd: host,
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const listen = port ? ["-p", `${port}`, "-c", "listen_addresses=127.0.0.1"] : ["-c", "listen_addresses="];
  const args = ["-D", data, "-k", host, ...listen, "-c", "fsync=off", "-c", "synchronous_commit=off"];
  await start(postgres, args, { ...owner, cwd: host }, /is ready to accept connections/);
  return { address: { host, port: port ?? 5432, database: "postgres", user: "test" } };
}

/** For tests of apps that know a server by its address; skips the test where the machine has none. */
export async function redisServer(t) {
  const { skip, port } = await startRedis({ port: await freePort() });
  return skip ? t.skip(skip) : { port };
}

/** The same for PostgreSQL. */
export async function postgresServer(t) {
  const { skip, address } = await startPostgres({ port: await freePort() });
  return skip
    ? t.skip(skip)
    : { connectionString: `postgres://${address.user}@127.0.0.1:${address.port}/${address.database}` };
}

/** PostgreSQL refuses to run as root. */
function otherThanRoot() {
  if (process.getuid?.() !== 0) return undefined;
  const id = (kind) => {
    const postgres = spawnSync("id", [kind, "postgres"], { encoding: "utf8" });
    return Number(
      postgres.status === 0 ? postgres.stdout : spawnSync("id", [kind, "nobody"], { encoding: "utf8" }).stdout,
    );
  };
  return { uid: id("-u"), gid: id("-g") };
}

/** A program on the path, or where Debian puts PostgreSQL's. */
function find(program) {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...versions];
  return folders.map((folder) => join(folder, program)).find(existsSync);
}

/** Starts a server that says when it is ready. */
async function start(program, args, options, ready) {
  const server = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  process.on("exit", () => server.kill("SIGKILL"));
  let said = "";
  await new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        said += text;
        if (ready.test(said)) resolve();
      });
    }
    server.on("error", reject).on("exit", () => reject(new Error(`${program} has ended: ${said}`)));
  });
  // From here on it does not keep the tests running.
  for (const handle of [server, server.stdout, server.stderr]) handle.unref();
}

/** Gone with the test file. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
