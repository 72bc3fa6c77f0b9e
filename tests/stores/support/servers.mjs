// Real servers for the tests: Redis and PostgreSQL, each in a folder of its own, stopped and removed at the end.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts a server, or skips the test where the machine has none. */
export async function redisServer(t) {
  const program = ["redis-server", "valkey-server"].find((name) => spawnSync(name, ["--version"]).status === 0);
  if (program === undefined) return t.skip("redis-server is not installed; apt-get install redis-server");
  const folder = temporary(t);
  const port = await freePort();
  start(t, program, ["--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder], {});
  await listening(port);
  return { port };
}

/** The same for PostgreSQL, which refuses to run as root. */
export async function postgresServer(t) {
  const debian = "/usr/lib/postgresql";
  const folders = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];
  const bin = [...folders, "/usr/local/bin", "/usr/bin"].find((folder) => existsSync(join(folder, "initdb")));
  if (bin === undefined) return t.skip("PostgreSQL is not installed; apt-get install postgresql");
  const folder = temporary(t);
  const user = process.getuid() === 0 ? { uid: id("-u", "postgres"), gid: id("-g", "postgres") } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder };
  execFileSync(join(bin, "initdb"), ["-D", join(folder, "data"), "-U", "test", "-A", "trust", "-N"], { ...options, stdio: "pipe" });
  const port = await freePort();
  start(t, join(bin, "postgres"), ["-D", join(folder, "data"), "-p", port, "-h", "127.0.0.1", "-k", folder, "-F"], options);
  await listening(port);
  return { connectionString: `postgres://test@127.0.0.1:${port}/postgres` };
}

const id = (flag, name) => Number(execFileSync("id", [flag, name]));

function temporary(t) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(t, program, args, options) {
  const server = spawn(program, args.map(String), { stdio: "ignore", ...options });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  t.after(async () => {
    server.kill("SIGINT");
    await ended;
  });
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port) {
  for (let attempt = 0; attempt < 600; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const answered = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the server did not start");
}
