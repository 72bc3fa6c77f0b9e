// App router, where something has read the body before.
import { receive } from "../../receive.js";

export const GET = receive;

export async function POST(request) {
  await request.json();
  return receive(request);
}
