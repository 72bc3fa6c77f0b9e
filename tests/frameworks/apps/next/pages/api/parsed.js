// Pages router, without the line that switches Next's own parser off.
export { default } from "./hook.js";
