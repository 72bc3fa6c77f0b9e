// The same package through `require`, which has declarations of its own.
import countersign = require("countersign");

const webhook = new countersign.Webhook("resend", "whsec_");
const event = webhook.verify({ headers: {}, body: "" });
if (event.type === "email.bounced") {
  const kind: string | null | undefined = event.payload.data.bounce.type;
  void kind;
}
const code: countersign.Code = "signature_mismatch";
const provider: countersign.Provider | null = countersign.detectProvider(new Headers());
void [code, provider];
// @ts-expect-error: a parsed object
webhook.verify({ headers: {}, body: {} });
// @ts-expect-error: misspelt
new countersign.Webhook("strip", "secret");
