// What the bundler puts in place for the samples; see `bundle` in xtask/src/package.rs.

/** tests/vectors/captured/events.json: documented bodies by provider. */
declare module "countersign-samples" {
  const samples: { readonly [provider: string]: readonly (object | readonly [string, object])[] | undefined };
  export default samples;
}
