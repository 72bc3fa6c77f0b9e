#!/usr/bin/env python3
"""Writes tests/mistakes/mistakes.json: mistakes that people make, and what they must be told. Run it again and the bytes are the same.

Every MAC comes from Python's hmac; nothing here asks this library. A row is a mistake:

  id, did       its name, and what was done, as one sentence
  provider      a provider's name, or `scheme`: one's own
  secrets       what the webhook is made of; text, or {secret, name, expires}
  options       dialect and tolerance, where they differ
  headers, body, now
                the delivery; without headers, making the webhook is the mistake
  js            for npm only: values that JSON does not have, by the names in tests/node/mistakes.test.mjs
  rust          true where JavaScript has another answer, in a row of its own
  call          what is called, where that is not `verify`: `webhook`, `payload`, `sign`, `receive`, `provider`
  code          the code, or `misuse`: a TypeError in JavaScript, a SchemeError or UnknownProvider in Rust
  says          what must be in the sentence
  never         what must not
"""

import base64
import hashlib
import hmac
import json
import pathlib

HERE = pathlib.Path(__file__).parent
NOW = 1767225600  # 2026-01-01T00:00:00Z
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_WHSEC = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
STRIPE = "whsec_6Fn2Qx0Lr8sTq4Vb9ZkYw3Ec1Ud7HpAj"
TEXT = "a-shared-secret-of-some-length"
BODY = '{"id":"evt_1","type":"invoice.paid","data":{}}'
ACME = {"signature": {"header": "X-Acme-Signature", "encoding": "hex"}, "id": {"header": "X-Acme-Id"}, "signed": "{id}.{body}"}
ROWS = []


def row(id, did, provider, code, says, never=(), *, secrets=None, **more):
    of = {"scheme": provider} if isinstance(provider, dict) else {"provider": provider}
    secrets = secrets if secrets is not None else [SECRETS.get(provider if isinstance(provider, str) else "", TEXT)]
    ROWS.append({"id": id, "did": did, **of, "secrets": secrets, **more, "code": code, "says": list(says), "never": list(never)})


SECRETS = {"github": "It's a Secret to Everybody", "plane": "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5", "stripe": STRIPE,
           "svix": WHSEC, "resend": WHSEC, "standard-webhooks": WHSEC}


def mac(key, *parts):
    return hmac.new(key.encode() if isinstance(key, str) else key, "".join(parts).encode(), hashlib.sha256)


def github(body=BODY, key=SECRETS["github"]):
    return [["X-GitHub-Event", "ping"], ["X-Hub-Signature-256", "sha256=" + mac(key, body).hexdigest()]]


def plane(body=BODY):
    return [["X-Plane-Event", "issue"], ["X-Plane-Signature", mac(SECRETS["plane"], body).hexdigest()]]


def stripe(body=BODY, time=NOW, key=STRIPE):
    return [["Stripe-Signature", f"t={time},v1=" + mac(key, f"{time}.", body).hexdigest()]]


def standard(prefix, body=BODY, time=NOW, id="msg_1", key=WHSEC):
    digest = mac(base64.b64decode(key[6:]), f"{id}.{time}.", body).digest()
    return [[f"{prefix}-id", id], [f"{prefix}-timestamp", str(time)], [f"{prefix}-signature", "v1," + base64.b64encode(digest).decode()]]


def timed(prefix, content, body=BODY, time=NOW, key=TEXT):
    return [[f"{prefix}-Timestamp", str(time)], [f"{prefix}-Signature", "v1=" + mac(key, content(str(time), body)).hexdigest()]]


def both(time, body):
    return f"{time}.{body}"


def planeconnection(body=BODY, time="2026-01-01T00:00:00Z"):
    return [["X-Webhook-Signature", "sha256=" + mac(TEXT, body).hexdigest()], ["X-Webhook-Timestamp", time]]


def acme(id="1", body=BODY):
    return [["X-Acme-Id", id], ["X-Acme-Signature", mac(TEXT, f"{id}.", body).hexdigest()]]


def without(headers, name):
    return [pair for pair in headers if pair[0] != name]


def instead(headers, name, value):
    return [[known, value if known == name else old] for known, old in headers]


PROXY = ["proxy", "always sends", "parsed"]


def headers():
    def r(id, did, provider, code, says, headers, never=(), body=BODY, **more):
        row(id, did, provider, code, says, never, headers=headers, body=body, now=NOW, **more)

    ping = [["X-GitHub-Event", "ping"], ["X-GitHub-Delivery", "1"], ["Content-Type", "application/json"]]
    r("github-unsigned", "The webhook has no secret at GitHub, so nothing is signed.", "github", "header_missing",
      ["GitHub signs only where a secret is set for the webhook there"], ping, PROXY)
    r("planeconnection-unsigned", "The webhook has no secret at PlaneConnection.", "planeconnection", "header_missing",
      ["PlaneConnection signs only where a secret is set"], [["X-Webhook-Event", "trip.created"]], PROXY)
    r("github-sha1-only", "An old GitHub Enterprise Server signs with SHA-1 only.", "github", "header_missing",
      ["Only X-Hub-Signature is there, a SHA-1", "GitHub Enterprise Server"], [*ping, ["X-Hub-Signature", "sha1=" + "0" * 40]], PROXY + ["secret is set"])
    r("github-is-bitbucket", "The deliveries are Bitbucket's.", "github", "header_missing", ["Bitbucket", "scheme of your own"],
      [["X-Hub-Signature", "sha256=" + "0" * 64]], PROXY + ["secret is set"])
    bridge = json.dumps({"version": "0", "id": "1", "detail-type": "invoice.paid", "source": "aws.partner/stripe.com/ed_1", "detail": {"id": "evt_1"}})
    r("stripe-eventbridge", "Stripe sends to Amazon EventBridge, and that posts its own envelope.", "stripe", "header_missing",
      ["an event of Amazon EventBridge, which has no signature", "`detail`"], [["Content-Type", "application/json"]], PROXY, body=bridge)
    r("github-eventbridge", "The same for a provider that signs only if asked.", "github", "header_missing",
      ["Amazon EventBridge"], [["Content-Type", "application/json"]], PROXY + ["secret is set"], body=bridge)
    cloud = json.dumps({"specversion": "1.0", "id": "1", "type": "com.stripe.invoice.paid", "source": "/stripe", "data": {"id": "evt_1"}})
    r("stripe-cloudevent", "Stripe sends to Azure Event Grid, in the form of CloudEvents.", "stripe", "header_missing",
      ["a CloudEvent, which has no signature of its own", "`data`"], [["Content-Type", "application/cloudevents+json"]], PROXY, body=cloud)
    grid = json.dumps([{"id": "1", "eventType": "invoice.paid", "subject": "/s", "eventTime": "2026-01-01T00:00:00Z", "data": {}, "dataVersion": "1"}])
    r("stripe-event-grid", "Stripe sends to Azure Event Grid, in its own form.", "stripe", "header_missing",
      ["a list of events of Azure Event Grid"], [["aeg-event-type", "Notification"]], PROXY, body=grid)
    r("stripe-gets-github", "GitHub was given the URL for Stripe.", "stripe", "header_missing", ["another provider (github)"], github(), PROXY)
    r("github-gets-stripe", "Stripe was given the URL for GitHub.", "github", "header_missing", ["another provider (stripe)"], stripe(), PROXY + ["secret is set"])
    r("standard-gets-svix", "The provider sends by Svix, with its header names.", "standard-webhooks", "header_missing",
      ["another provider (svix)"], standard("svix"), PROXY)
    r("plane-gets-plandocket", "PlanDocket was given the URL for Plane.", "plane", "header_missing", ["another provider (plandocket)"],
      timed("X-Webhook", both), PROXY)
    r("planasonix-gets-plane", "Plane was given the URL for Planasonix.", "planasonix", "header_missing", ["another provider (plane)"], plane(), PROXY)
    r("custom-gets-github", "GitHub was given the URL for a provider of one's own.", ACME, "header_missing", ["another provider (github)"], github(), PROXY)
    r("plane-no-headers", "The headers were not passed on.", "plane", "header_missing", ["there is not one"], [], PROXY)
    r("custom-no-headers", "The headers were not passed on.", ACME, "header_missing", ["there is not one"], [], PROXY)
    r("plane-unsigned", "Somebody else posts to the URL.", "plane", "header_missing", ["Check that the request comes from this provider at all"],
      [["User-Agent", "curl/8"]], PROXY + ["secret is set"])
    r("resend-unsigned", "Somebody else posts to the URL.", "resend", "header_missing", ["Header: svix-signature", "comes from this provider at all"],
      [["svix-id", "msg_1"], ["svix-timestamp", str(NOW)]], PROXY + ["another provider"])
    r("resend-no-time", "A proxy passes on only some of the headers.", "resend", "header_missing", ["Header: svix-timestamp", "pass on all its headers"],
      without(standard("svix"), "svix-timestamp"), ["another provider", "always sends"])
    r("svix-no-id", "A queue keeps only some of the headers.", "svix", "header_missing", ["Header: svix-id"], without(standard("svix"), "svix-id"), ["always sends"])
    r("plandocket-no-time", "A test leaves out the time.", "plandocket", "header_missing", ["Header: X-Webhook-Timestamp"],
      without(timed("X-Webhook", both), "X-Webhook-Timestamp"), ["always sends"])
    r("planeconnection-gets-plandocket", "PlanDocket, whose headers have the same names, was given the URL.", "planeconnection", "header_malformed",
      ["the right provider"], timed("X-Webhook", both), ["always sends"])

    r("svix-id-undefined", "A program passes on a header that it did not have.", "svix", "signature_mismatch",
      ["Header: svix-id", "the text `undefined`"], instead(standard("svix"), "svix-id", "undefined"), ["raw bytes", "always sends"])
    r("standard-time-null", "The same with a time.", "standard-webhooks", "header_malformed", ["Header: webhook-timestamp", "the text `null`"],
      instead(standard("webhook"), "webhook-timestamp", "null"), ["right kind of key"])
    r("github-signature-undefined", "The same with a signature.", "github", "header_malformed", ["the text `undefined`"], [["X-Hub-Signature-256", "undefined"]],
      ["right kind of key"])
    r("github-sha256-undefined", "A program writes the prefix itself.", "github", "header_malformed", ["the text `undefined`"],
      [["X-Hub-Signature-256", "sha256=undefined"]], ["right kind of key"])
    r("custom-id-none", "A program in Python passes on a header that it did not have.", ACME, "signature_mismatch", ["Header: X-Acme-Id", "the text `None`"],
      instead(acme(), "X-Acme-Id", "None"), ["raw bytes"])
    r("stripe-signature-empty", "A template has an empty header.", "stripe", "header_malformed", ["It is there, but empty"], [["Stripe-Signature", ""]],
      ["right kind of key"])
    r("stripe-only-v0", "Only the signature for tests is there.", "stripe", "header_malformed", ["the form that this provider writes"],
      [["Stripe-Signature", f"t={NOW},v0=" + "6f" * 32]], ["always sends"])
    r("github-base64", "A tool writes the signature in base64.", "github", "header_malformed", ["the form that this provider writes"],
      [["X-Hub-Signature-256", "sha256=" + base64.b64encode(mac(SECRETS["github"], BODY).digest()).decode()]], ["always sends"])
    r("planasonix-time-iso", "A tool writes the time as a date.", "planasonix", "header_malformed", ["Header: X-Planasonix-Timestamp"],
      instead(timed("X-Planasonix", both), "X-Planasonix-Timestamp", "2026-01-01T00:00:00Z"), ["always sends"])
    r("github-twice", "A test tool adds a second signature.", "github", "header_conflict", ["there more than once", "with different values", "test tool"],
      [*github(), *github("{}")], ["raw bytes"])


def bodies():
    def r(id, did, provider, says, headers, body, never=(), code="signature_mismatch", **more):
        row(id, did, provider, code, says, never, headers=headers, body=body, now=NOW, **more)

    r("stripe-other-secret", "The secret is that of another endpoint.", "stripe", ["the secret that the provider shows for this very URL"],
      stripe(key="whsec_" + "1" * 32), BODY, ["expired", "empty"])
    r("github-reserialized", "The body was parsed and written again.", "github", ["Verify the raw bytes of the request, before any parser touches them"],
      github(), json.dumps(json.loads(BODY)), ["expired", "empty"])
    r("plane-body-empty", "Something has read the body before.", "plane", ["The body that was passed is empty"], plane(), "", ["expired"])
    r("svix-body-empty", "Something has read the body before.", "svix", ["The body that was passed is empty"], standard("svix"), "")
    r("standard-object-text", "A parsed body was turned into text.", "standard-webhooks", ["the text [object Object]"], standard("webhook"), "[object Object]")
    r("plandocket-changed", "A proxy changed the body.", "plandocket", ["raw bytes of the request"], timed("X-Webhook", both), BODY + "\n", ["expired"])
    old = [{"name": "new", "secret": OTHER_WHSEC}, {"name": "old", "secret": WHSEC, "expires": NOW - 60}]
    r("resend-old-secret", "The provider still signs with a secret that has expired here.", "resend",
      ["A secret that has expired was not tried", "whether the provider still signs with it"], standard("svix"), BODY, secrets=old)
    ended = [{"secret": SECRETS["github"], "expires": NOW - 1}]
    r("github-all-expired", "The only secret has expired, and nobody has entered another.", "github",
      ["Every secret of this webhook has expired", "Give this webhook the secret"], github(), BODY, ["raw bytes", "No signature"], "secret_expired", secrets=ended)
    r("github-all-expired-and-changed", "The same, and the body is another.", "github", ["Every secret of this webhook has expired"], github(), "{}",
      ["raw bytes"], "secret_expired", secrets=ended)
    r("standard-all-expired", "Both secrets of a rotation have expired.", "standard-webhooks", ["Every secret of this webhook has expired"], standard("webhook"), BODY,
      ["raw bytes"], "secret_expired",
      secrets=[{"name": "a", "secret": WHSEC, "expires": NOW - 1}, {"name": "b", "secret": OTHER_WHSEC, "expires": 0}])
    r("plane-expired-and-unsigned", "A probe without a signature, while every secret has expired.", "plane",
      ["comes from this provider at all"], [["User-Agent", "curl/8"]], BODY, ["expired"], "header_missing",
      secrets=[{"secret": SECRETS["plane"], "expires": NOW - 1}])


def payloads():
    def r(id, did, provider, says, headers, body, never=()):
        row(f"payload-{id}", did, provider, "payload_invalid", says, never, headers=headers(body), body=body, now=NOW, call="payload")

    event = {"id": "evt_1", "object": "event", "type": "invoice.paid", "created": NOW, "livemode": False, "data": {"object": "in_1"}}
    r("text", "The provider sends an id where the types have an object.", "stripe", ["data.object: a text where an object belongs"], stripe, json.dumps(event), ["in_1"])
    r("missing", "A test leaves out what the type of the event needs.", "stripe", ["data.object: nothing where an object belongs"], stripe,
      json.dumps({**event, "data": {}}), ["evt_1"])
    r("list", "The provider sends several events at once.", "github", ["the body: a list where an object belongs"], github, "[1]")
    r("html", "Something else is signed than JSON.", "github", ["the body: HTML or XML where JSON belongs"], github, "<p>hello</p>", ["hello"])
    r("cut", "The body was cut off before it was signed.", "plane", ["the body: JSON that is malformed or breaks off where JSON belongs"], plane, '{"event":"issue"', ["issue"])
    r("empty", "A test sends no body.", "github", ["the body: nothing where JSON belongs"], github, "")


def times():
    def r(id, did, provider, code, says, headers, never=(), **more):
        row(id, did, provider, code, says, never, headers=headers, body=BODY, now=NOW, **more)

    r("stripe-old", "The delivery waited in a queue.", "stripe", "timestamp_too_old", ["Signed 400 s ago", "clock", "queue"], stripe(time=NOW - 400), ["not cover"])
    r("stripe-ahead", "This machine's clock is behind.", "stripe", "timestamp_too_new", ["Signed 400 s ahead", "clock"], stripe(time=NOW + 400), ["not cover", "queue"])
    r("svix-old", "An old delivery was replayed.", "svix", "timestamp_too_old", ["Signed 86400 s ago", "replay"], standard("svix", time=NOW - 86400), ["not cover"])
    r("planasonix-ahead", "This machine's clock is two minutes behind.", "planasonix", "timestamp_too_new", ["Signed 120 s ahead"],
      timed("X-Planasonix", both, time=NOW + 120), ["not cover"])
    r("planeconnection-old", "A header that is not signed says another day.", "planeconnection", "timestamp_too_old",
      ["It says 172800 s ago, and the signature does not cover it"], planeconnection(time="2025-12-30T00:00:00Z"), ["Signed ", "delivery is authentic"])
    r("planasonix-body-only-old", "The dialect does not sign the time.", "planasonix", "timestamp_too_old", ["the signature does not cover it"],
      timed("X-Planasonix", lambda _, body: body, time=NOW - 900), ["Signed ", "delivery is authentic"], options={"dialect": "body-only"})


def secrets():
    def r(id, did, provider, secret, code, says, never=(), **more):
        row(id, did, provider, code, says, never, secrets=secret if isinstance(secret, list) else [secret], **more)

    empty, unreadable, kind = "secret_empty", "secret_not_decodable", "secret_wrong_kind"
    r("empty", "The variable is empty.", "stripe", "", empty, ["environment variable"])
    r("spaces", "The variable holds spaces.", "github", "   ", empty, ["environment variable"])
    r("none-at-all", "The list of secrets is empty.", "plane", [], empty, ["Pass at least one secret"])
    for text, provider in (("undefined", "stripe"), ("null", "github"), ("None", "plane"), ("nil", "plandocket")):
        r(f"text-{text}", "A program made text of a value that is not there.", provider, text, unreadable, ["value that is not there", "environment variable"],
          ["base64", "Copy the secret again"])
    r("text-object", "An object was made text.", "planasonix", "[object Object]", unreadable, ["what JavaScript writes for an object"])
    r("text-promise", "A Promise was made text.", "resend", "[object Promise]", unreadable, ["await the secret"], ["base64"])
    r("stripe-endpoint-id", "The id of the endpoint was copied.", "stripe", "we_1NbZ8a2eZvKYlo2C0s8hGxQk", kind, ["the id of the webhook endpoint"], ["API key"])
    r("stripe-api-key", "The API key was copied.", "stripe", "sk_live_51AbC", kind, ["API key", "whsec_"])
    r("stripe-without-prefix", "whsec_ was left out.", "stripe", STRIPE[6:], kind, ["begins with whsec_"], ["API key"])
    r("stripe-dots", "The secret is an example's.", "stripe", "whsec_...", unreadable, ["placeholder"], ["base64"])
    r("stripe-masked", "The secret was copied while it was hidden.", "stripe", "whsec_••••••••••••", unreadable, ["masked"])
    r("svix-cut", "The page shows only the beginning.", "svix", "whsec_MfKQ...", unreadable, ["cut short"], ["base64"])
    r("stripe-prefix-only", "Only whsec_ was copied.", "stripe", "whsec_", empty, ["empty"])
    r("standard-prefix-only", "Only whsec_ was copied.", "standard-webhooks", "whsec_", empty, ["empty"])
    r("assignment", "A whole line of an .env file was copied.", "stripe", f"STRIPE_WEBHOOK_SECRET={STRIPE}", unreadable, ["name of a variable and `=`"], [STRIPE])
    r("assignment-export", "A whole line of a shell script was copied.", "github", "export GITHUB_SECRET=abcdefgh", unreadable, ["name of a variable and `=`"], ["abcdefgh"])
    r("variable-template", "A template was not filled in.", "plane", "${PLANE_SECRET}", unreadable, ["template"])
    r("variable-braces", "A template was not filled in.", "plandocket", "{{ webhook_secret }}", unreadable, ["template"])
    r("variable-code", "Code was quoted.", "stripe", "process.env.STRIPE_WEBHOOK_SECRET", unreadable, ["name of a variable"])
    r("variable-name", "The name of the variable was passed.", "resend", "RESEND_WEBHOOK_SECRET", unreadable, ["name of a variable"], ["base64"])
    for id, text in (("here", "your_secret_here"), ("brackets", "<secret>"), ("changeme", "changeme"), ("change-me", "CHANGE-ME"), ("xs", "xxxxxxxx")):
        r(f"placeholder-{id}", "The example's placeholder is still there.", "github", text, unreadable, ["placeholder"])
    r("custom-placeholder", "The same for a scheme of one's own.", ACME, "<your secret>", unreadable, ["placeholder"])
    r("json", "A secrets manager gives JSON.", "stripe", json.dumps({"secret": STRIPE}), unreadable, ["It is JSON"], [STRIPE])
    r("url", "The address of the webhook was copied.", "github", "https://example.com/hooks", unreadable, ["It is a URL"])
    r("quotes", "The quotes of an .env file were kept.", "stripe", f'"{STRIPE}"', unreadable, ["quotes around"], [STRIPE])
    r("newline", "The file ends in a line break.", "github", "abcdefgh\n", unreadable, ["line break"], ["abcdefgh"])
    r("mark", "The file begins with a byte order mark.", "plane", "\ufeffplane_wh_abc", unreadable, ["cannot be seen"])
    r("github-token", "The token was copied.", "github", "ghp_0123456789", kind, ["personal access token"], ["0123456789"])
    r("github-oauth", "The token of an OAuth app was copied.", "github", "gho_0123456789", kind, ["OAuth"])
    r("plane-token", "The API token was copied.", "plane", "plane_api_0123", kind, ["API token", "plane_wh_"])
    r("resend-key", "The API key was copied.", "resend", "re_0123_4567", kind, ["API key"])
    r("svix-endpoint-id", "The id of the endpoint was copied.", "svix", "ep_2abcdefgh", kind, ["the id of the endpoint"])
    r("standard-not-base64", "The secret was cut in the middle.", "standard-webhooks", "whsec_not*base64!", unreadable, ["base64", "copy the whole secret"])
    r("stripe-public-key", "A public key was copied.", "stripe", "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", kind, ["public key", "shared secret"])
    pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=\n-----END PUBLIC KEY-----"
    r("github-pem", "The key of a GitHub App was copied.", "github", pem, kind, ["PEM"])
    r("planasonix-no-key", "A text where a public key belongs.", "planasonix", "not a public key", unreadable, ["Ed25519"], options={"dialect": "ed25519"})
    r("custom-hex", "The secret is no hex.", {**ACME, "key": "hex"}, "abc", unreadable, ["hex: pairs"])
    r("custom-base64", "The secret is no base64.", {**ACME, "key": "base64"}, "not*base64", unreadable, ["base64"])
    r("same-name", "Both secrets of a rotation have one name.", "stripe", [{"name": "main", "secret": STRIPE}, {"name": "main", "secret": STRIPE}],
      "secret_conflict", ["the same name"])


def set_up():
    def misuse(id, did, says, never=(), **more):
        more = {"provider": "stripe", "secrets": [STRIPE], "call": "webhook", **more}
        ROWS.append({"id": id, "did": did, **more, "code": "misuse", "says": says, "never": list(never)})

    for name, meant in (("Stripe", "stripe"), ("strip", "stripe"), ("GitHub", "github"), ("standardwebhooks", "standard-webhooks"), ("standard_webhooks", "standard-webhooks"),
                        ("plandoket", "plandocket"), ("plane-connection", "planeconnection"), ("stripe-webhooks", "stripe")):
        ROWS.append({"id": f"provider-{name}", "did": "The provider's name is misspelt.", "provider": name, "secrets": [TEXT], "call": "provider",
                     "code": "misuse", "says": [meant, "Providers: "], "never": []})
    ROWS.append({"id": "provider-unknown", "did": "There is no such provider.", "provider": "zendesk", "secrets": [TEXT], "call": "provider", "code": "misuse",
                 "says": ["Providers: github, planasonix"], "never": ["Did you mean", "similar"]})
    ROWS.append({"id": "provider-swapped", "did": "The arguments are swapped.", "provider": STRIPE, "secrets": ["stripe"], "js": {}, "call": "provider",
                 "code": "misuse", "says": ["the provider comes first"], "never": [STRIPE]})
    for id, did, changed, says in (
        ("no-body", "The template signs no body.", {"signed": "{id}"}, ["{body} exactly once"]),
        ("placeholder", "The template has an unknown placeholder.", {"signed": "{url}.{body}"}, ["placeholders {timestamp}, {id} and {body}"]),
        ("no-time", "The template signs a time that is not described.", {"signed": "{timestamp}.{body}"}, ["no timestamp is described"]),
        ("path-jsonpath", "A path is written as JSONPath.", {"event": {"type": "$.event.type"}}, ["write event.type, not $.event.type"]),
        ("path-into-list", "A path goes into a list.", {"event": {"type": "items.0.type"}}, ["cannot go into a list"]),
        ("tolerance-ms", "The tolerance is in milliseconds.", {"tolerance": {"past": 300000, "future": 300}}, ["tolerance is in seconds, not milliseconds"]),
        ("template-of-js", "The template is written as in JavaScript.", {"signed": "${id}.${body}"}, ["write {timestamp}.{body}, not ${timestamp}.${body}"]),
        ("header-name", "A header's name is none.", {"signature": {"header": "X Sig", "encoding": "hex"}}, ["signature.header must be a header name"]),
    ):
        scheme = {**ACME, **changed}
        ROWS.append({"id": f"scheme-{id}", "did": did, "scheme": scheme, "secrets": [TEXT], "code": "misuse", "says": says, "never": []})

    misuse("secret-misspelt-key", "The key of a secret is misspelt.", ["a secret has no sekret", "secret, name, expires"], ["environment"], js={"secret": "sekret"})
    misuse("secret-unknown-key", "The end of a secret is misspelt.", ["a secret has no expire;"], js={"secret": "expire"})
    misuse("secret-as-key", "The secret stands in the place of a key.", ["a key that it cannot have", "secret, name, expires"], [STRIPE], js={"secret": "secret as key"})
    misuse("secret-promise", "The secret was not awaited.", ["The secret is a Promise: await it"], js={"secret": "promise"})
    misuse("secret-function", "The function that reads the secret was not called.", ["The secret is a function"], js={"secret": "function"})
    misuse("secret-number", "The secret is a number.", ["a string or a Uint8Array", "this is of the type number"], ["12345"], js={"secret": "number"})
    misuse("secret-date", "The secret is an object of another kind.", ["this is of the type Date"], js={"secret": "date"})
    misuse("secret-in-object", "The number is one level deeper.", ["this is of the type number"], ["12345"], js={"secret": "number inside"})
    misuse("secret-end-ms", "The end is in milliseconds.", ["expires", "not milliseconds"], js={"secret": "end in ms"})
    misuse("scheme-signature-text", "A header's name stands where an object belongs.", ["signature must be an object such as"], ["has no 0"],
           provider=None, scheme={**ACME, "signature": "X-Acme-Signature"}, js={})
    misuse("option-tolerance-ms", "The tolerance is in milliseconds.", ["tolerance is in seconds, not milliseconds"], js={"options": "tolerance in ms"})
    misuse("lease-ms", "The lease is in milliseconds.", ["lease must be a number of seconds (not milliseconds)"], call="receive", headers=stripe(), body=BODY, now=NOW,
           js={"handling": "lease in ms"})
    row("now-ms-rust", "The time is in milliseconds.", "stripe", "timestamp_too_old", ["`now` looks like milliseconds"], ["Signed", "not cover"], headers=stripe(), body=BODY,
        now=NOW * 1000, rust=True)
    misuse("option-misspelt", "An option is misspelt.", ["options has no tolerence", "tolerance"], js={"options": "tolerence"})
    misuse("now-ms", "The time is in milliseconds.", ["now must be", "not milliseconds"], call="verify", headers=stripe(), body=BODY, js={"now": "ms"})
    misuse("raw-headers", "Node's rawHeaders were passed.", ["headers must be"], call="verify", headers=stripe(), body=BODY, now=NOW, js={"headers": "raw"})
    misuse("verify-three", "verify was called as another package's function.", ["verify takes one object: { headers, body }"], call="verify", headers=stripe(), body=BODY,
           js={"delivery": "text"})
    row("secret-not-set", "The variable is not set.", "stripe", "secret_empty", ["environment variable"], js={"secret": "undefined"})


def not_raw():
    parsed = ["something has parsed it", "express.raw()", "parsed it"]

    def r(id, did, says, never=(), call="verify", **more):
        row(f"body-{id}", did, "stripe", "body_not_raw", says, never, headers=stripe(), body=BODY, now=NOW, call=call, **more)

    r("undefined", "No parser has run.", ["The body is undefined", "express.raw()"], ["parsed it"], js={"body": "undefined"})
    r("null", "The request has no body.", ["The body is null"], parsed, js={"body": "null"})
    r("stream", "request.body of a Fetch Request was passed.", ["a stream that nothing has read", "await webhook.receive(request)"], parsed, js={"body": "stream"})
    r("request", "The whole Request was passed to verify.", ["This is a whole Request", "await webhook.receive(request)"], parsed, js={"delivery": "request"})
    r("is-request", "The Request was passed as its body.", ["a Request that nothing has read", "await webhook.receive(request)"], parsed, js={"body": "request"})
    r("node-request", "A request of Node was passed to verify.", ["This is a request of Node", "adapter"], parsed, js={"delivery": "node request"})
    r("node-stream", "A request of Node was passed as the body.", ["a stream that nothing has read", "countersign/node"], parsed, js={"body": "node request"})
    r("promise", "await is missing.", ["The body is a Promise: await it"], parsed, js={"body": "promise"})
    r("function", "The call is missing.", ["The body is a function"], parsed, js={"body": "function"})
    r("object", "express.json() has parsed it.", ["an Object: something has parsed it", "express.raw()", "JSON.stringify does not bring back"], js={"body": "object"})
    r("array", "A parser gave a list.", ["an Array: something has parsed it"], js={"body": "array"})
    r("buffer-json", "A Buffer went through JSON in a queue.", ["a Buffer that went through JSON", "Buffer.from(body.data)"], parsed, js={"body": "buffer json"})
    r("blob", "request.blob() was read.", ["The body is a Blob", "arrayBuffer()"], parsed, js={"body": "blob"})
    r("string-object", "The text is in an object.", ["a String object"], parsed, js={"body": "string object"})
    r("form", "A parser gave a form.", ["a URLSearchParams: something has parsed it"], js={"body": "form"})
    r("number", "A number was passed.", ["The body is a number"], ["parsed it"], js={"body": "number"})
    sign = ["express.raw()", "request", "parser"]
    r("sign-object", "An object was passed to sign.", ["sign the very text that you send", "JSON.stringify(event)"], ["express.raw()", "parsed"], "sign", js={"body": "object"})
    r("sign-promise", "await is missing.", ["The body is a Promise: await it"], sign, "sign", js={"body": "promise"})
    r("sign-undefined", "Nothing was passed to sign.", ["The body is undefined", "that you send"], sign, "sign", js={"body": "undefined"})
    r("receive-used", "The Request was read before.", ["The request's body has been read", "clone"], ["express.raw()"], "receive", js={"request": "used"})
    row("receive-get", "Somebody opened the URL.", "stripe", "method_not_allowed", ["a person or a monitor opened the URL", "redirect"], headers=stripe(), body=BODY, now=NOW,
        call="receive", js={"request": "get"})
    row("receive-large", "The body is larger than maxBytes.", "stripe", "body_too_large", ["maxBytes"], headers=stripe(), body=BODY, now=NOW, call="receive",
        js={"request": "large"})


def main():
    for part in (headers, bodies, payloads, times, secrets, set_up, not_raw):
        part()
    ids = [one["id"] for one in ROWS]
    assert len(set(ids)) == len(ids), [id for id in ids if ids.count(id) > 1]
    for one in ROWS:
        if one.get("provider", "") is None:
            del one["provider"]
    lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in ROWS)
    (HERE / "mistakes.json").write_text(f'{{\n "numberOfMistakes": {len(ROWS)},\n "mistakes": [\n{lines}\n ]\n}}\n')
    print(len(ROWS), sum("js" not in one for one in ROWS))


main()
