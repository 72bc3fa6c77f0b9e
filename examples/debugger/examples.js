// The examples: one for each provider, and what goes wrong most often. Nothing is signed here: the signatures of
// examples.json were made by other implementations (they are cases of tests/vectors).
import data from "./examples.json";

const encoder = new TextEncoder();
const by = (provider) => data.find((example) => example.provider === provider);

function example({ provider, secret, headers, body }, title, changes = {}) {
  return {
    title,
    provider,
    secrets: [secret],
    headers,
    body: encoder.encode(changes.text ?? body),
    clock: "signed",
    ...changes,
  };
}

const TITLES = {
  stripe: "Stripe: invoice.paid",
  plane: "Plane: issue_comment.created",
  planeconnection: "PlaneConnection: trip.created",
  plandocket: "PlanDocket: invoice.paid",
  planasonix: "Planasonix: job.failed",
  resend: "Resend: email.bounced",
  svix: "Svix: user.created",
  "standard-webhooks": "Standard Webhooks",
  github: "GitHub: push",
};

export const groups = [
  ["Deliveries that verify", data.map((one) => example(one, TITLES[one.provider] ?? one.provider))],
  [
    "Deliveries that do not",
    [
      example(by("resend"), "A line break was added to the body", { text: `${by("resend").body}\n` }),
      example(by("plane"), "The body was parsed and written again", {
        text: JSON.stringify(JSON.parse(by("plane").body)),
      }),
      example(by("stripe"), "The API key instead of the signing secret", {
        secrets: ["sk_test_4eC39HqLyjWDarjtT1zdp7dc"],
      }),
      example(by("github"), "The secret ends in a line break", { secrets: [`${by("github").secret}\n`] }),
      example(by("svix"), "It came two hours late", { clock: "custom", time: 1767225590 + 7200 }),
      example(by("planeconnection"), "The signature was cut", {
        headers: by("planeconnection").headers.map(([name, value]) => [
          name,
          name === "X-Webhook-Signature" ? value.slice(0, 39) : value,
        ]),
      }),
      example(by("stripe"), "The secret of another endpoint", { secrets: ["whsec_of_the_other_endpoint_5Tq0"] }),
    ],
  ],
];
