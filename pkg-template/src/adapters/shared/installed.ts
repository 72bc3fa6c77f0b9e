// A framework's own types, for those who have the framework: the package depends on none.

/**
 * `T`, or `Else` where the package that `T` is imported from is not installed: an import that leads nowhere is `any`. Such
 * an import needs `@ts-ignore` as documentation, which is a comment that declaration files keep.
 */
export type Installed<T, Else> = 0 extends 1 & T ? Else : T;
