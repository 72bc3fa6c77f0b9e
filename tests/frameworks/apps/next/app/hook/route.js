// App router.
import { receive } from "../../receive.js";

export { receive as GET, receive as POST, receive as PUT, receive as PATCH, receive as DELETE };
