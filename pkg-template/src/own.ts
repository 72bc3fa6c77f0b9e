// Reads the objects that callers pass in by their own properties: what a library has put on Object.prototype is no option
// and no part of a delivery.

/**
 * The properties of an object's own, each read once, in an object that inherits nothing: `const { a, b } = own(options)`.
 * A value that is no object has none.
 */
export function own<T extends object>(given: T): T;
export function own<T extends object>(given: T | null | undefined): Partial<T>;
export function own<T extends object>(given: T | null | undefined): Partial<T> {
  return { __proto__: null, ...(typeof given === "object" ? given : null) } as object;
}

/** One property of an object's own. */
export function ownOne<T extends object, K extends keyof T>(given: T | null | undefined, name: K): T[K] | undefined {
  return typeof given === "object" && given !== null && Object.hasOwn(given, name) ? given[name] : undefined;
}

/** A property of an object's own or of its class, for what frameworks and platforms make: requests, headers, stores. */
export function member<T extends object, K extends keyof T>(given: T, name: K): T[K] | undefined {
  // Nearly always: nothing has touched Object.prototype.
  if (!(name in Object.prototype)) return given[name];
  for (let at: object | null = given; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) return given[name];
  }
  return undefined;
}
