// Makes values that a JSON Schema of GitHub's describes: with what it requires only, with everything, and with null wherever
// it may be.

/** The kinds of values that are made. */
export const KINDS = ["required", "all", "nulls"];

/** Deeper than this, only what is required is made. */
const DEEPEST = 8;

export function made(schema, kind, root, depth = 0) {
  if (schema.$ref) return made(resolve(schema.$ref, root), kind, root, depth + 1);
  if ("const" in schema) return schema.const;
  if (schema.enum)
    return kind === "nulls" && schema.enum.includes(null) ? null : (schema.enum.find((one) => one !== null) ?? null);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => made(part, kind, root, depth + 1)));
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices && !schema.properties) {
    const nothing = choices.find(({ type }) => type === "null");
    if (kind === "nulls" && nothing) return null;
    return made(
      choices.find((one) => one !== nothing),
      kind,
      root,
      depth + 1,
    );
  }
  const types = [schema.type ?? (schema.properties ? "object" : "any")].flat();
  if (kind === "nulls" && types.includes("null")) return null;
  const type = types.find((one) => one !== "null") ?? "null";
  if (type === "object") return objectOf(schema, kind, root, depth);
  if (type === "array")
    return kind === "all" && schema.items && depth < DEEPEST ? [made(schema.items, kind, root, depth + 1)] : [];
  if (type === "string") return schema.format === "date-time" ? "2026-01-01T00:00:00Z" : "text";
  if (type === "integer") return 7;
  if (type === "number") return 7.5;
  if (type === "boolean") return true;
  return null;
}

function objectOf({ properties = {}, required = [], additionalProperties }, kind, root, depth) {
  const whole = kind !== "required" && depth < DEEPEST;
  const object = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (whole || required.includes(name)) object[name] = made(schema, kind, root, depth + 1);
  }
  if (whole && additionalProperties && typeof additionalProperties === "object") {
    object["more"] = made(additionalProperties, kind, root, depth + 1);
  }
  return object;
}

function resolve(reference, root) {
  return reference
    .replace(/^#\//, "")
    .split("/")
    .reduce((value, name) => value[name.replaceAll("~1", "/").replaceAll("~0", "~")], root);
}
