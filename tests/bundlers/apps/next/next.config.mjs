// Nothing here is for countersign: this project is part of a larger folder, and Next.js wants to know which one.
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

export default { turbopack: { root } };
