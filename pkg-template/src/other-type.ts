// The type of events that no provider documents.

/**
 * An event type that countersign has no name for. TypeScript cannot say "any text but these", so this form, which no
 * type has, stands for it: comparing with a listed type narrows the payload, and a misspelt type does not compile.
 * For a type that is newer than this package write `(event.type as string) === "…"`.
 */
export type OtherType = `${string} (unlisted)`;
