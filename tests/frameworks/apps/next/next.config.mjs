// Nothing here is for countersign: this project is part of a larger folder, and Next.js wants to know which one.
import { fileURLToPath } from "node:url";

export default { turbopack: { root: fileURLToPath(new URL("../../../..", import.meta.url)) } };
