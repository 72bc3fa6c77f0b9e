// SvelteKit, which wants a newer Node than the package.
import { inNewNode } from "./support/newer.mjs";

await inNewNode("SvelteKit", "./sveltekit.mjs");
