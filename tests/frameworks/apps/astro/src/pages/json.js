// Every method, so that others than POST are answered by the receiver.
export { receive as ALL } from "../receive.js";

export const prerender = false;
