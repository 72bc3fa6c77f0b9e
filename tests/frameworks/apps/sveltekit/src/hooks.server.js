// The app's error path, and a hook that reads the body of one route too early.
export async function handle({ event, resolve }) {
  if (event.url.pathname === "/json" && event.request.method === "POST") await event.request.json();
  return resolve(event);
}

export function handleError({ error }) {
  globalThis.box.failed.push(error);
}
