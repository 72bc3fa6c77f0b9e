// Makes the table for the deliveries that were handled, once for each database.
import { postgresReplay } from "countersign/replay/postgres";
import { Client } from "pg";

const client = new Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await postgresReplay(client).createTable();
await client.end();
