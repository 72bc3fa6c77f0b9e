// The app's error path, and a reader of the body that comes too early on one route.
export async function onRequest({ request, url }, next) {
  try {
    if (url.pathname === "/json" && request.method === "POST") await request.json();
    return await next();
  } catch (error) {
    globalThis.box.failed.push(error);
    throw error;
  }
}
