// Makes the events that Stripe's own package describes in its types: with what they require only, with everything, and with
// null wherever it may be. Webhooks never expand an object, so where a type has an id or an object, it is the id.
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Deeper than this, only what is required is made. */
const DEEPEST = 6;

/** Every event type with its bodies. */
export function* stripeEvents(kinds) {
  const entry = fileURLToPath(new URL("./imports-stripe.ts", import.meta.url));
  const program = ts.createProgram([entry], {
    strict: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const [alias] = source.statements.filter(ts.isTypeAliasDeclaration);
  const events = checker.getTypeAtLocation(alias.name);
  if (!events.isUnion()) throw new Error("Stripe's package has no types of events.");
  for (const event of events.types) {
    for (const kind of kinds) yield made(event, kind, { checker, at: alias }, 0, []);
  }
}

function made(type, kind, context, depth, outer) {
  const { checker } = context;
  if (type.isUnion()) {
    const has = (flag) => type.types.some((one) => one.flags & flag);
    if (has(ts.TypeFlags.Null) && kind === "nulls") return null;
    if (has(ts.TypeFlags.String)) return "text";
    const one = type.types.find((one) => !(one.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)));
    return one ? made(one, kind, context, depth, outer) : null;
  }
  // `string & {}`, in the unions that are open.
  if (type.isIntersection() && type.types.some((one) => one.flags & ts.TypeFlags.StringLike)) return "text";
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if (type.flags & ts.TypeFlags.BooleanLiteral) return checker.typeToString(type) === "true";
  if (type.flags & ts.TypeFlags.StringLike) return "text";
  if (type.flags & ts.TypeFlags.NumberLike) return 7;
  if (type.flags & ts.TypeFlags.BooleanLike) return true;
  if (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) return null;
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type);
    return kind === "all" && depth < DEEPEST ? [made(item, kind, context, depth + 1, outer)] : [];
  }
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return null;
  // Its functions are those of a class, such as Decimal, which is a text in JSON.
  if (type.getProperties().some(({ name }) => name === "toFixed" || name === "toJSON")) return "7.5";
  const object = {};
  const entries = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (entries && kind === "all") object["key"] = made(entries.type, kind, context, depth + 1, outer);
  const whole = kind !== "required" && depth < DEEPEST && !outer.includes(type);
  for (const property of type.getProperties()) {
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    if (optional && !whole) continue;
    const inner = checker.getTypeOfSymbolAtLocation(property, context.at);
    // What requires itself would have no end.
    if (outer.length > 12) continue;
    object[property.name] = made(inner, kind, context, depth + 1, [...outer, type]);
  }
  return object;
}
