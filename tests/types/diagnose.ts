// The types of countersign/diagnose: codes, frameworks and steps are unions of literals, and any body may be passed.
import { diagnose, type Cause, type CauseCode, type Diagnosis, type Framework, type Step } from "countersign/diagnose";

const why: Diagnosis = diagnose(
  "stripe",
  process.env["STRIPE_SECRET"],
  { headers: new Headers(), body: { parsed: true } },
  { framework: "express" },
);
diagnose({ signature: { header: "X-S", encoding: "hex" }, signed: "{body}" }, ["a", { secret: "b", name: "old" }], {
  headers: undefined,
  body: "",
});

for (const cause of why.causes) {
  const code: CauseCode = cause.code;
  if (code === "body_newline_added") console.log(cause.fix, cause.evidence["bytes"]);
  // @ts-expect-error no such cause
  if (code === "body_newlines_added") console.log();
}
if (why.code === "signature_mismatch" || why.code === "valid" || why.code === "arguments_invalid")
  console.log(why.summary);
// @ts-expect-error no such verdict
if (why.code === "mismatch") console.log();

const step: Step["name"] = "signed_content";
const framework: Framework = "nextjs-app";
// @ts-expect-error no such framework
const other: Framework = "next.js";
// @ts-expect-error no such provider
diagnose("strype", "s", { headers: {}, body: "" });
// @ts-expect-error what is found out is not for changing
(why.causes as readonly Cause[]).push();
export { framework, other, step };
