// What is to be known about the body of a valid delivery: that it is a form, or not as the provider documents it. For Rust,
// crates/diagnose/src/remarks.rs says the same.
import { documented } from "../documented.js";
import { remarks as sentences } from "../generated/diagnosis.js";

/** One of the causes of a diagnosis. */
interface Remark {
  readonly code: "body_form" | "payload_differs";
  readonly message: string;
  readonly fix: string;
  readonly proven: false;
  readonly evidence: { readonly [name: string]: string };
}

/** What is to be known, and what the summary says about it. */
export function remarksOf(provider: string, body: Uint8Array): { causes: readonly Remark[]; summary: string } {
  const { form, differences } = documented(provider, body);
  const [first] = differences;
  const causes: Remark[] = [];
  if (form !== undefined) causes.push(remark("body_form", { field: form }));
  if (first) causes.push(remark("payload_differs", { expected: first.expected, found: first.found, path: first.path }));
  return { causes, summary: first ? ` Not as the provider documents it: ${first}.` : "" };
}

function remark(code: Remark["code"], evidence: { readonly [name: string]: string }): Remark {
  const [message, fix] = sentences[code];
  return { code, message, fix, proven: false, evidence };
}
