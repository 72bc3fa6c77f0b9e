// Astro, which wants a newer Node than the package.
import { inNewNode } from "./support/newer.mjs";

await inNewNode("Astro", "./astro.mjs");
