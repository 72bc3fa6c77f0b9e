// Opens the stores that several processes can share: `redis:<port>` and `postgres:<address>`.
import { Redis } from "ioredis";
import pg from "pg";
import { postgresReplay } from "countersign/replay/postgres";
import { redisReplay } from "countersign/replay/redis";

export async function open(address) {
  const [kind, ...rest] = address.split(":");
  if (kind === "redis") {
    const client = new Redis(Number(rest[0]), "127.0.0.1");
    return { store: redisReplay(client), close: () => client.quit() };
  }
  const pool = new pg.Pool({ connectionString: rest.join(":"), max: 4 });
  // In the tests, the server may end before its clients.
  pool.on("error", () => {});
  // A server that is starting accepts connections a little before it answers.
  for (let attempt = 0; ; attempt++) {
    try {
      await pool.query("SELECT 1");
      break;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return { store: postgresReplay(pool), close: () => pool.end() };
}
