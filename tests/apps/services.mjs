// The databases of the example apps, each started for one test with nothing in it.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./support.mjs";

const onPath = (name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)).find((file) => existsSync(file));

const redis = onPath("redis-server") ?? onPath("valkey-server");
/** Debian keeps its programs off the PATH. */
const postgres = debianPostgres() ?? (onPath("initdb") && join(onPath("initdb"), ".."));

/** For the `skip` of a test. */
export const noRedis = redis ? false : "there is no Redis: apt-get install -y redis-server";
export const noPostgres = postgres ? false : "there is no PostgreSQL: apt-get install -y postgresql";

function debianPostgres() {
  const folder = "/usr/lib/postgresql";
  const newest = existsSync(folder) && readdirSync(folder).sort((a, b) => b - a)[0];
  return newest && existsSync(join(folder, newest, "bin/initdb")) ? join(folder, newest, "bin") : undefined;
}

/** Its URL. */
export async function startRedis(t) {
  const port = await freePort();
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", tmpdir()];
  await start(t, redis, args, port);
  return `redis://127.0.0.1:${port}`;
}

/** Its URL. */
export async function startPostgres(t) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-postgres-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  const options = {};
  if (process.getuid?.() === 0) {
    // It does not run as root; Debian's package brings a user for it.
    for (const id of ["uid", "gid"]) options[id] = Number(execFileSync("id", [`-${id[0]}`, "postgres"]));
    chownSync(folder, options.uid, options.gid);
  }
  const data = join(folder, "data");
  const setup = ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"];
  execFileSync(join(postgres, "initdb"), setup, { ...options, cwd: folder, stdio: "ignore" });
  const port = await freePort();
  const args = ["-D", data, "-p", `${port}`, "-c", "listen_addresses=127.0.0.1", "-k", folder, "-c", "fsync=off"];
  await start(t, join(postgres, "postgres"), args, port, { ...options, cwd: folder });
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** Until the end of the test. */
async function start(t, program, args, port, options) {
  const child = spawn(program, args, { ...options, stdio: "ignore" });
  t.after(async () => {
    if (child.exitCode === null) {
      // For PostgreSQL, this means at once.
      child.kill("SIGINT");
      await once(child, "exit");
    }
  });
  for (let waited = 0; waited < 30_000 && child.exitCode === null; waited += 50) {
    if (await connects(port)) return;
    await sleep(50);
  }
  throw new Error(`${program} does not answer.`);
}

function connects(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

/** Upstash's REST interface in front of a Redis: each command is a JSON array. Its URL and its token. */
export async function startUpstash(t) {
  const { Redis } = await import("ioredis");
  const redis = new Redis(await startRedis(t));
  const token = "a-token";
  const server = createServer(async (request, response) => {
    const answer = (status, value) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: "Unauthorized" });
    let text = "";
    for await (const part of request) text += part;
    try {
      const [command, ...args] = JSON.parse(text).map(String);
      answer(200, { result: await redis.call(command, ...args) });
    } catch (error) {
      answer(400, { error: error.message });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    redis.disconnect();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, token };
}
