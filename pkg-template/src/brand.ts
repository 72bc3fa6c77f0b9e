// Recognises what a class has made by a mark, whichever copy of the package made it: an application may import one file
// of the package and require another, and each has the class once more.

/** Makes `instanceof` look for the mark. Classes that are derived from this one are told apart as ever. */
export function brand(made: { readonly prototype: object }, name: string): void {
  const mark = Symbol.for(`countersign.${name}`);
  Object.defineProperty(made.prototype, mark, { value: true });
  Object.defineProperty(made, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this !== made) return Function.prototype[Symbol.hasInstance].call(this as () => void, value);
      return typeof value === "object" && value !== null && mark in value;
    },
  });
}
