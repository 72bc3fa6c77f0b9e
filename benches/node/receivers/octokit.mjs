// GitHub's own.
import { verify } from "@octokit/webhooks-methods";

globalThis.receive = async ({ headers, body }) => {
  const text = body.toString();
  if (!(await verify(process.env.SECRET, text, headers["x-hub-signature-256"]))) throw new Error("refused");
  return JSON.parse(text);
};
