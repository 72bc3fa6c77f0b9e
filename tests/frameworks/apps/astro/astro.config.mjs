// As `astro add node` writes it. With `checkOrigin`, Astro refuses forms, text and what has no content type.
import node from "@astrojs/node";
import { defineConfig } from "astro/config";

export default defineConfig({
  adapter: node({ mode: "middleware" }),
  security: { checkOrigin: false },
});
