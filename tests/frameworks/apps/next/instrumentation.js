// The app's error path.
export function onRequestError(error) {
  globalThis.box.failed.push(error);
}
