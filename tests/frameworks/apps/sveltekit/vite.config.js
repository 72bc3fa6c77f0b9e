// As `sv create` writes it. Without `trustedOrigins: ["*"]`, SvelteKit refuses forms, text and what has no content type.
import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [sveltekit({ adapter: adapter({ precompress: false }), csrf: { trustedOrigins: ["*"] } })],
});
