// Every method, so that others than POST are answered by the receiver.
import { receive } from "../../receive.js";

export const fallback = receive;
