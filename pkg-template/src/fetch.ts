// The Fetch API's types as the program's own types have them; their outline where they have none, so that no program needs
// the DOM's or Node's types for ours.

/** The part of a `Response` that programs without its type can rely on. */
interface Outline {
  readonly status: number;
  readonly ok: boolean;
  readonly url: string;
  readonly headers: {
    get(name: string): string | null;
    forEach(each: (value: string, name: string) => void): void;
    getSetCookie?(): string[];
  };
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

/** The `Response` of the DOM's, Node's or the platform's types. */
export type Response = typeof globalThis extends { Response: { prototype: infer R } } ? R : Outline;
