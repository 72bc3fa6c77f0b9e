#!/usr/bin/env python3
"""Writes tests/vectors/<provider>.json. Run it again and the bytes are the same.

Every MAC comes from Python's hmac (Ed25519 from `cryptography`) or, in captured/deliveries.json, from the sender, its SDK
or its page; none comes from this library. captured/events.json holds one documented body per event type.
The `result` of every case is written here by hand; nothing in this file decides whether a delivery is valid.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import urllib.parse

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common import BOM, put_body

HERE = pathlib.Path(__file__).parent
NOW = 1767225600  # 2026-01-01T00:00:00Z
SENT = NOW - 10
DELIVERIES = json.loads((HERE / "captured/deliveries.json").read_text())
EVENTS = json.loads((HERE / "captured/events.json").read_text())

BUGS = {
    "Valid": "refuses an honest delivery",
    "Vendor": "disagrees with the sender's own page, SDK or code",
    "EventType": "loses or renames an event the sender documents",
    "UnknownEvent": "throws on an event type, verb or field that is newer than the library",
    "Envelope": "reads the event's name or id from a body that is not that sender's envelope, or fails verification because of it",
    "PayloadInvalid": "casts instead of validating, so a body of the wrong shape passes as typed data",
    "PayloadDiffers": "refuses an honest delivery because a field is missing or of another form than the sender documents",
    "Form": "cannot read a form whose field holds the JSON, or verifies what it decoded instead of the form",
    "BodyTampered": "does not cover every byte of the body with the MAC",
    "BodyReserialized": "parses and re-serializes the body before the MAC, so the bytes differ",
    "BodyBytes": "decodes the body as text, trims it, or drops a BOM before the MAC",
    "BodyEmpty": "treats an empty body as a missing one",
    "BodyLarge": "limits, chunks or truncates a large body before the MAC",
    "SignatureWrong": "compares only part of the MAC, or accepts a MAC of something else",
    "SignatureMalformed": "throws, or compares buffers of unequal length, when the signature is not well formed",
    "SignatureCase": "compares hex as text, or ignores case where it means something",
    "SignatureEncoding": "decodes loosely: accepts another alphabet, trailing bits or trailing bytes",
    "SignatureList": "reads only the first or the last signature of a list, or lets a malformed sibling decide",
    "SignatureFlood": "computes or compares without an upper bound when the list is long, or counts what is no candidate",
    "Downgrade": "falls back to an older version, a weaker digest, or a message without the timestamp",
    "TimestampEdge": "is off by one at the edge of the window",
    "TimestampStale": "reports staleness of a delivery that was never authenticated, or not at all",
    "TimestampFuture": "checks freshness only towards the past",
    "TimestampFormat": "reads a timestamp with parseInt, float or a Unicode-aware digit test",
    "TimestampAsReceived": "re-formats the timestamp before the MAC",
    "Tolerance": "ignores the configured window, or takes 0 for off",
    "UnsignedTimestamp": "treats a timestamp outside the MAC as proof, or refuses honest retries because of it",
    "HeaderMissing": "throws, or accepts, when a header is absent",
    "HeaderOrder": "reports another header than the first that is wrong",
    "HeaderRepeated": "takes the first or the last of several different values",
    "HeaderCase": "looks headers up by one spelling only",
    "HeaderName": "ignores a configured header name, or still reads the default one",
    "OtherSender": "accepts the headers of another sender's scheme",
    "SignedId": "signs or checks an id that makes the signed content ambiguous",
    "Keyring": "tries only the first key, or cannot say which key matched",
    "KeyExpired": "accepts an expired key, or is off by one at its last second",
    "KeyFormat": "decodes a key that is text, or takes as text a key that is encoded",
    "SecretLint": "accepts at start-up a secret that can never verify, so that every delivery fails later",
    "Ed25519": "accepts a malleable or mis-encoded Ed25519 signature, or mixes it up with the HMAC",
    "ReplayKey": "builds the replay key from what the MAC does not cover, or without a bound",
    "Dialect": "guesses the dialect, or lets one valid signature hide an invalid one",
    "Template": "expands placeholders that arrive in the body or in a header",
}


def raw(text):
    return text if isinstance(text, bytes) else text.encode()


def wire(text):
    """The bytes of a header value."""
    return text.encode("latin-1")


def mac(key, message, digest="sha256"):
    return hmac.new(raw(key), raw(message), digest).digest()


def b64(data):
    return base64.b64encode(data).decode()


def replay_name(provider, scheme):
    """How replay keys begin. Schemes without a name are told apart by a digest of what they say, but for lengths of time."""
    if provider != "custom":
        return provider
    if "name" in scheme:
        return f"custom/{scheme['name']}"
    signature, time, event = scheme["signature"], scheme.get("timestamp", {}), scheme.get("event", {})
    parts = [
        ("signature.header", signature["header"].lower()), ("signature.prefix", signature.get("prefix")),
        ("signature.prefixOptional", "true" if signature.get("prefixOptional") else ""), ("signature.ed25519Prefix", signature.get("ed25519Prefix")),
        ("signature.separator", signature.get("separator")), ("signature.encoding", signature["encoding"]),
        ("timestamp.header", time.get("header", "").lower()), ("timestamp.field", time.get("field")), ("timestamp.format", time and time.get("format", "unix")),
        ("id.header", scheme.get("id", {}).get("header", "").lower()), ("signed", scheme["signed"]), ("signedIfEmpty", scheme.get("signedIfEmpty")),
        ("key", scheme.get("key", "utf8")), ("algorithm", scheme.get("algorithm", "hmac-sha256")), ("event.type", event.get("type")), ("event.id", event.get("id")),
        ("event.form", event.get("form")),
    ]
    written = b"".join(f"{part}:{len(value.encode())}:{value}\n".encode() for part, value in parts if value)
    return f"custom/sha256-{hashlib.sha256(written).hexdigest()}"


class Repeat:
    def __init__(self, text, count):
        self.text, self.count = text, count


class File:
    """The cases of one provider. `s` helpers below add to it."""

    def __init__(self, provider):
        self.provider, self.cases, self.flags = provider, [], []

    def add(self, id, flags, comment, headers, body, result="valid", *, secret=None, secrets=None, scheme=None, options=None,
            now=NOW, event=None, payload=None, difference=None, left=None, read=None, source="python hmac"):
        flags = flags.split()
        self.flags += [f for f in flags if f not in self.flags]
        case = {"id": id, "comment": comment, "source": source, "flags": flags}
        if secrets is None:
            case["secret"] = secret
        else:
            case["secrets"] = [dict(zip(("name", "secret", "expires"), s)) for s in secrets]
        if scheme:
            case["scheme"] = scheme
        if options:
            case["options"] = options
        case |= {"now": now, "headers": [list(h) for h in headers]}
        if isinstance(body, Repeat):
            case["bodyRepeat"] = {"text": body.text, "count": body.count}
            body = raw(body.text) * body.count
        else:
            body = raw(body)
            put_body(case, body)
        case["result"] = result
        if result == "valid":
            event = {"type": None, "id": None, "timestamp": None, "id_signed": None, "time_signed": False, "key": "default"} | event
            name = replay_name(self.provider, scheme)
            if (options or {}).get("scope"):
                name += "@" + urllib.parse.quote(options["scope"], safe="")
            signed = event["id"] is not None if event["id_signed"] is None else event["id_signed"]
            if signed and len(event["id"].encode()) <= 256:
                replay = f"{name}:id:{event['id']}"
            else:
                replay = f"{name}:body:{hashlib.sha256(body).hexdigest()}"
            case["event"] = {"type": event["type"], "id": event["id"], "timestamp": event["timestamp"],
                             "authenticated": {"id": signed, "timestamp": event["time_signed"]}, "replayKey": replay, "key": event["key"]}
            if payload:
                case["payload"] = payload
            case |= {k: v for k, v in (("difference", difference), ("left", left), ("json", read)) if v is not None}
        self.cases.append(case)

    def write(self):
        ids = [c["id"] for c in self.cases]
        assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
        order = [f for f in BUGS if f in self.flags]
        assert set(order) == set(self.flags), set(self.flags) - set(order)
        lines = [f' "provider": {json.dumps(self.provider)},', f' "numberOfTests": {len(self.cases)},', ' "notes": {']
        lines.append(",\n".join(f'  "{f}": {{ "bug": {json.dumps(BUGS[f])} }}' for f in order))
        lines.append(' },\n "cases": [')
        lines.append(",\n".join("  {\n" + ",\n".join(f"   {json.dumps(k)}: {json.dumps(v)}" for k, v in c.items()) + "\n  }" for c in self.cases))
        lines.append(" ]")
        (HERE / f"{self.provider}.json").write_text("{\n" + "\n".join(lines) + "\n}\n")
        print(f"{self.provider:18} {len(self.cases)}")


BODY, JSON, NOT = "the body", "where JSON belongs", "where a text belongs"
FORM, MALFORMED = "a form (application/x-www-form-urlencoded)", "JSON that is malformed or breaks off"


class Sender(File):
    """One preset and how its sender signs. Subclasses say where things go; the cases that fit every sender are below."""

    timed = True            # has a timestamp under the MAC
    form = False            # may send its JSON in a field of a form
    any_json = False        # documents no envelope at all, so any JSON is a payload
    is_list = False         # the header can carry several signatures
    past, future = 300, 300
    hexadecimal = True
    header_id = None        # the id of svix-like senders, in a header
    body = '{"hello":"world"}'
    type = body_id = None   # what the default body says
    payload = None          # whether the default body is the sender's envelope
    bare = "{}"             # JSON without the sender's envelope
    unknown_token = None    # an item of a version that is ignored
    empty_token = "v1="     # an item with nothing in it
    secret = other_secret = ""

    # --- what a sender does
    def key(self, secret):
        return raw(secret)

    def content(self, body, ts, ident):
        return wire(f"{ts}.") + body if self.timed else body

    def encode(self, digest):
        return digest.hex() if self.hexadecimal else b64(digest)

    def token(self, text):
        return text

    def value(self, tokens, ts):
        return tokens[0]

    def headers(self, value, ts, ident):
        raise NotImplementedError

    # --- one case
    def digest(self, body, ts=SENT, ident=None, secret=None):
        if isinstance(body, Repeat):
            body = raw(body.text) * body.count
        return mac(self.key(secret or self.secret), self.content(raw(body), str(ts), ident or self.header_id))

    def sign(self, body, ts=SENT, ident=None, secret=None):
        return self.token(self.encode(self.digest(body, ts, ident, secret)))

    def case(self, id, flags, comment, result="valid", *, body=None, signed=None, ts=SENT, ident=None, text=None, tokens=None,
             value=None, headers=None, add=(), secret=None, secrets=None, now=NOW, options=None, type=..., body_id=..., payload=...,
             key="default", time=..., **more):
        """`signed`: the bytes the sender signed, if not `body`. `text`/`tokens`/`value`/`headers`: the signature as encoded text, as
        items, as a whole header value, or all headers."""
        ident = self.header_id if ident is None else ident
        if body is None:
            body = self.body
            type = self.type if type is ... else type
            body_id = self.body_id if body_id is ... else body_id
            payload = self.payload if payload is ... else payload
        signer = secret if secret is not None else (secrets[0][1] if secrets else self.secret)
        if headers is None:
            if value is None:
                if tokens is None:
                    if text is None:
                        text = self.encode(mac(self.key(signer), self.content(self.bytes(body if signed is None else signed), str(ts), ident)))
                    tokens = [self.token(text)]
                value = self.value(tokens, ts)
            headers = self.headers(value, str(ts), ident)
        event = None
        if result == "valid":
            event = {"type": None if type is ... else type, "id": self.event_id(None if body_id is ... else body_id, ident),
                     "timestamp": (int(ts) if self.timed else None) if time is ... else time, "time_signed": self.timed, "key": key}
            event |= more.get("event", {})
        more.pop("event", None)
        self.add(id, flags, comment, [*headers, *add], body, result, secret=self.secret if secret is None else secret, secrets=secrets,
                 options=options, now=now, event=event, payload=None if payload is ... else payload, **more)

    def bytes(self, body):
        return raw(body.text) * body.count if isinstance(body, Repeat) else raw(body)

    def event_id(self, body_id, ident):
        return body_id

    # --- the start vectors
    def start(self, id, new_id, flags, comment=None, result="valid", **more):
        d = DELIVERIES[self.provider][id]
        body = bytes.fromhex(d["bodyHex"]) if "bodyHex" in d else d["body"]
        event = {"timestamp": more.pop("time", None), "time_signed": self.timed, **more.pop("event", {})}
        self.add(new_id, flags, comment or d["comment"], d["headers"], body, result, secret=more.pop("secret", d["secret"]),
                 now=more.pop("now", d.get("now", NOW)), event=event, source=d.get("source", "python hmac"), **more)

    # --- cases every sender has
    def common(self):
        self.bodies()
        self.signatures()
        self.header_cases()
        if self.is_list:
            self.lists()
        if self.timed:
            self.times()
        self.keyrings()
        self.lint()

    def bodies(self):
        c, doc = self.case, raw(self.body)
        same = {"type": self.type, "body_id": self.body_id, "payload": self.payload}
        c("valid", "Valid", "the plain case")
        flipped = bytes([*doc[:3], doc[3] ^ 1, *doc[4:]])
        c("body-bit-flipped", "BodyTampered", "one bit of byte 3 differs", "signature_mismatch", body=flipped, signed=doc)
        c("body-last-bit-flipped", "BodyTampered", "one bit of the last byte differs", "signature_mismatch", body=doc[:-1] + bytes([doc[-1] ^ 1]), signed=doc)
        c("body-truncated", "BodyTampered", "the last byte is lost", "signature_mismatch", body=doc[:-1], signed=doc)
        c("body-lost", "BodyTampered BodyEmpty", "the whole body is lost on the way", "signature_mismatch", body="", signed=doc)
        c("body-newline-added", "BodyTampered", "a proxy appended a newline", "signature_mismatch", body=doc + b"\n", signed=doc)
        c("body-newline-lost", "BodyTampered", "the sender's trailing newline was trimmed", "signature_mismatch", body=doc, signed=doc + b"\n")
        c("body-newline-signed", "BodyBytes", "a trailing newline that the sender signed", body=doc + b"\n", **same)
        c("body-crlf-signed", "BodyBytes", "CRLF line ends that the sender signed", body=b"\r\n" + doc + b"\r\n", **same)
        c("body-crlf-to-lf", "BodyTampered", "CRLF became LF on the way", "signature_mismatch", body=doc + b"\n", signed=doc + b"\r\n")
        loose = json.dumps(json.loads(self.body), ensure_ascii=False, indent=3)
        c("body-reserialized", "BodyReserialized", "same JSON, other spacing", "signature_mismatch", body=loose, signed=doc)
        c("body-pretty-signed", "BodyReserialized", "three-space JSON that the sender signed", body=loose, **same)
        c("body-escapes-changed", "BodyReserialized", "the sender wrote \\u00fc, the framework wrote \u00fc", "signature_mismatch",
          body='{"name":"\u00fc"}', signed='{"name":"\\u00fc"}')
        c("body-empty", "BodyEmpty", "an empty body that the sender signed", body="", payload="invalid", difference=f"{BODY}: nothing {JSON}")
        c("body-bom-signed", "BodyBytes", "a UTF-8 BOM that the sender signed; it is ignored only when the JSON is read", body=BOM + doc, **same)
        c("body-bom-lost", "BodyBytes", "the BOM was dropped on the way", "signature_mismatch", body=doc, signed=BOM + doc)
        c("body-bom-added", "BodyBytes", "a BOM was added on the way", "signature_mismatch", body=BOM + doc, signed=doc)
        c("body-not-utf8", "BodyBytes Envelope", "bytes that are no text", body=b"\x00\xff\xfe\x80{}\r\n", payload="invalid", difference=f"{BODY}: bytes that are no UTF-8 {JSON}")
        c("body-replacement-character", "BodyBytes", "the body was decoded to U+FFFD and encoded again", "signature_mismatch", body="{\ufffd}", signed=b"{\xff}")
        c("body-latin1", "BodyBytes Envelope", "JSON in Latin-1: authentic, but not UTF-8", body=b'{"name":"\xfc"}', payload="invalid", difference=f"{BODY}: bytes that are no UTF-8 {JSON}")
        c("body-1-mib", "BodyLarge", "1 MiB", body=Repeat("0123456789abcdef", 65536), payload="invalid")
        c("body-1-mib-plus-1", "BodyLarge BodyTampered", "1 MiB signed, one byte more received", "signature_mismatch", body=Repeat("a", 1048577), signed=Repeat("a", 1048576))
        c("body-block-edge", "BodyLarge", "body and message around the 64-byte block of SHA-256", body="a" * 64, payload="invalid")
        c("body-not-json", "Envelope PayloadInvalid", "text that is not JSON", body="Hello, World!", payload="invalid", difference=f"{BODY}: text that is no JSON {JSON}")
        c("body-utf16", "BodyBytes Envelope", "JSON in UTF-16, with its byte order mark", body=b"\xff\xfe{\0}\0", payload="invalid", difference=f"{BODY}: text in UTF-16 where JSON in UTF-8 belongs")
        c("body-html", "Envelope PayloadInvalid", "a page", body="\n<!doctype html>", payload="invalid", difference=f"{BODY}: HTML or XML {JSON}")
        c("body-white-space", "Envelope PayloadInvalid", "nothing but white space", body=" \r\n\t", payload="invalid", difference=f"{BODY}: nothing {JSON}")
        if not self.form:
            c("body-form", "Envelope PayloadInvalid", "a form of a sender that sends none", body="payload=%7B%7D", payload="invalid", difference=f"{BODY}: {FORM} {JSON}")
        c("body-json-cut", "Envelope PayloadInvalid", "JSON that ends too early", body='{"type":"x","id":', payload="invalid", difference=f"{BODY}: {MALFORMED} {JSON}")
        c("body-json-then-junk", "Envelope PayloadInvalid", "an object and something after it", body=doc + b" x", payload="invalid", difference=f"{BODY}: {MALFORMED} {JSON}")
        for name, text, what in [
            ("array", '[{"type":"x","id":"y"}]', "a list"), ("string", '"text"', "a text"), ("number", "7", "a number"), ("null", "null", "null"), ("true", "true", "true or false"),
        ]:
            c(f"body-json-{name}", "Envelope PayloadInvalid", "JSON, but not an object", body=text,
              **({"payload": "valid"} if self.any_json else {"payload": "invalid", "difference": f"{BODY}: {what} where an object belongs"}))
        c("body-json-nan", "Envelope PayloadInvalid", "NaN is not JSON", body='{"type":"x","value":NaN}', payload="invalid", difference=f"{BODY}: {MALFORMED} {JSON}")

        deep = '{"type":"x","deep":' + "[" * 127 + "]" * 127 + "}"
        c("body-json-too-deep", "Envelope PayloadInvalid", "128 levels are more than any runtime has to read", body=deep, payload="invalid", difference=f"{BODY}: JSON of more than 127 levels where JSON of at most 127 levels belongs")
        c("body-json-number-too-large", "Envelope PayloadInvalid", "a number that is infinite once read", body='{"type":"x","value":1e400}', payload="invalid", difference=f"{BODY}: a number that is too large where a number below 1.8e308 belongs")

    def signatures(self):
        c, doc = self.case, self.body
        d = self.digest(doc)
        bad = "signature_mismatch", "header_malformed"
        c("signature-first-bit", "SignatureWrong", "first bit of the MAC flipped", bad[0], text=self.encode(bytes([d[0] ^ 128]) + d[1:]))
        c("signature-last-bit", "SignatureWrong", "last bit of the MAC flipped", bad[0], text=self.encode(d[:-1] + bytes([d[-1] ^ 1])))
        c("signature-zero", "SignatureWrong", "32 zero bytes", bad[0], text=self.encode(bytes(32)))
        c("signature-of-empty-key", "SignatureWrong", "MAC under the empty key", bad[0], text=self.encode(hmac.new(b"", self.content(raw(doc), str(SENT), self.header_id), "sha256").digest()))
        c("signature-plain-sha256", "SignatureWrong", "SHA-256 of the message, no key", bad[0], text=self.encode(hashlib.sha256(self.content(raw(doc), str(SENT), self.header_id)).digest()))
        c("signature-other-secret", "SignatureWrong", "signed with another secret", bad[0], text=self.encode(self.digest(doc, secret=self.other_secret)))
        c("signature-other-body", "SignatureWrong", "the MAC of another body", bad[0], text=self.encode(self.digest('{"hello":"mars"}')))
        if self.timed:
            c("signature-body-only", "Downgrade", "MAC over the body alone; never a fallback", bad[0], text=self.encode(mac(self.key(self.secret), doc)))
            c("signature-other-timestamp", "SignatureWrong TimestampAsReceived", "signed for another second, received with a fresh timestamp", bad[0], text=self.encode(self.digest(doc, SENT - 1000)))
        c("signature-header-empty", "SignatureMalformed", "the header is there and empty", bad[1], value="")
        c("signature-value-empty", "SignatureMalformed", "nothing where the MAC belongs", bad[1], text="")
        c("signature-truncated", "SignatureMalformed", "a MAC cut short, as in Plane's old docs (58 characters)", bad[1], text=self.encode(d[:29]))
        c("signature-half", "SignatureMalformed", "16 bytes of the right MAC", bad[1], text=self.encode(d[:16]))
        c("signature-one-byte-short", "SignatureMalformed", "31 bytes of the right MAC", bad[1], text=self.encode(d[:31]))
        c("signature-one-byte-long", "SignatureMalformed SignatureEncoding", "the right MAC and one byte more", bad[1], text=self.encode(d + b"\0"))
        c("signature-character-short", "SignatureMalformed SignatureEncoding", "the last character is lost", bad[1], text=self.encode(d).rstrip("=")[:-1])
        c("signature-twice", "SignatureMalformed SignatureEncoding", "the right MAC, twice in a row", bad[1], text=self.encode(d + d))
        c("signature-space-inside", "SignatureMalformed SignatureEncoding", "a space in the middle of the MAC", bad[1], text=self.encode(d)[:20] + " " + self.encode(d)[20:])
        c("signature-latin1", "SignatureMalformed", "a byte above 0x7F in the MAC", bad[1], text="\u00fc" + self.encode(d)[1:])
        c("signature-undefined", "SignatureMalformed", "the text of a failed lookup", bad[1], text="undefined")
        if self.hexadecimal:
            c("signature-upper-case", "SignatureCase", "upper-case hex", text=d.hex().upper())
            mixed = "".join(x.upper() if i % 2 else x for i, x in enumerate(d.hex()))
            c("signature-mixed-case", "SignatureCase", "mixed-case hex", text=mixed)
            c("signature-not-hex", "SignatureMalformed SignatureEncoding", "64 characters that are not hex", bad[1], text="z" * 64)
            c("signature-one-not-hex", "SignatureEncoding", "one character that is not hex", bad[1], text=d.hex()[:-1] + "g")
            c("signature-fullwidth-like", "SignatureEncoding", "a superscript two for a digit", bad[1], text="\u00b2" + d.hex()[1:])
            c("signature-base64", "SignatureEncoding", "base64 where hex belongs", bad[1], text=b64(d))
            c("signature-0x", "SignatureEncoding", "0x before the hex", bad[1], text="0x" + d.hex())
        else:
            # A message whose MAC has + and / in base64, so that the alphabets differ.
            c("signature-unpadded", "SignatureEncoding", "base64 without its padding", text=b64(d).rstrip("="))
            c("signature-overpadded", "SignatureEncoding", "one = too many", bad[1], text=b64(d) + "=")
            n = 0
            while not {"+", "/"} <= set(b64(self.digest(f'{{"n":{n}}}'))):
                n += 1
            both = b64(self.digest(f'{{"n":{n}}}'))
            c("signature-plus-slash", "SignatureEncoding", "both special characters of the standard alphabet", body=f'{{"n":{n}}}', text=both)
            c("signature-base64url", "SignatureEncoding", "the URL alphabet is another encoding", bad[1], body=f'{{"n":{n}}}', text=both.replace("+", "-").replace("/", "_"))
            alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            last = alphabet[alphabet.index(b64(d)[42]) | 1]
            c("signature-trailing-bits", "SignatureEncoding", "a bit set that decodes to nothing: a second spelling of the same MAC", bad[1], text=b64(d)[:42] + last + "=")
            c("signature-hex", "SignatureEncoding", "hex where base64 belongs", bad[1], text=d.hex())
            c("signature-lower-case", "SignatureCase", "base64 in lower case is another MAC", bad[0], text=b64(d)[:42].lower() + b64(d)[42:])

    def header_cases(self):
        c = self.case
        good = self.headers(self.value([self.sign(self.body)], SENT), str(SENT), self.header_id)
        first = good[0][0]
        c("headers-lower-case", "HeaderCase", "all names in lower case", headers=[(n.lower(), v) for n, v in good])
        c("headers-upper-case", "HeaderCase", "all names in upper case", headers=[(n.upper(), v) for n, v in good])
        c("headers-none", "HeaderMissing", "no headers at all", "header_missing", headers=[])
        c("headers-noise", "Valid", "among the headers of a real request", headers=[("Host", "example.com"), ("Content-Type", "application/json"), *good, ("X-Forwarded-For", "10.0.0.1"), ("Accept", "*/*")])
        for n, v in good:
            short = n.lower()
            c(f"{short}-missing", "HeaderMissing", f"no {n}", "header_missing", headers=[h for h in good if h[0] != n])
            c(f"{short}-repeated-same", "HeaderRepeated", f"{n} twice, same value", headers=[*good, (n, v)])
            c(f"{short}-repeated-same-other-case", "HeaderRepeated HeaderCase", f"{n} twice in two spellings, same value", headers=[*good, (n.lower(), v)])
        others = {
            "plane": [("X-Plane-Signature", mac(self.secret, self.body).hex())],
            "github": [("X-Hub-Signature-256", "sha256=" + mac(self.secret, self.body).hex())],
            "stripe": [("Stripe-Signature", f"t={SENT},v1=" + mac(self.secret, f"{SENT}.{self.body}").hex())],
            "svix": [("svix-signature", "v1," + b64(mac(self.secret, f"msg_1.{SENT}.{self.body}"))), ("svix-timestamp", str(SENT)), ("svix-id", "msg_1")],
            "standard-webhooks": [("webhook-signature", "v1," + b64(mac(self.secret, f"msg_1.{SENT}.{self.body}"))), ("webhook-timestamp", str(SENT)), ("webhook-id", "msg_1")],
            "planasonix": [("X-Planasonix-Signature", "v1=" + mac(self.secret, f"{SENT}.{self.body}").hex()), ("X-Planasonix-Timestamp", str(SENT))],
        }
        for name, headers in others.items():
            if headers[0][0].lower() != first.lower():
                c(f"headers-of-{name}", "OtherSender HeaderMissing", f"only what {name} sends, under the same secret", "header_missing", headers=headers)

    def lists(self):
        c = self.case
        good = self.sign(self.body)
        wrong = [self.token(self.encode(hashlib.sha256(b"wrong %d" % n).digest())) for n in range(20)]
        broken = [self.token(self.encode(hashlib.sha256(b"broken %d" % n).digest()[:20])) for n in range(20)]
        c("list-good-first", "SignatureList", "the right one first", tokens=[good, wrong[0]])
        c("list-good-last", "SignatureList", "the right one last", tokens=[wrong[0], good])
        c("list-good-between", "SignatureList", "the right one in the middle", tokens=[wrong[0], good, wrong[1]])
        c("list-all-wrong", "SignatureList", "several, none right", "signature_mismatch", tokens=wrong[:3])
        c("list-good-twice", "SignatureList", "the right one twice", tokens=[good, good])
        c("list-malformed-first", "SignatureList", "a malformed sibling first", tokens=[broken[0], good])
        c("list-malformed-last", "SignatureList", "a malformed sibling last", tokens=[good, broken[0]])
        c("list-empty-item", "SignatureList", "an item with nothing in it", tokens=[self.empty_token, good])
        c("list-all-malformed", "SignatureList SignatureMalformed", "several, none well formed", "header_malformed", tokens=broken[:3])
        c("list-malformed-and-wrong", "SignatureList", "one malformed, one wrong", "signature_mismatch", tokens=[broken[0], wrong[0]])
        c("list-unknown-version", "SignatureList", "an unknown version before the right one", tokens=[self.unknown_token, good])
        c("list-only-unknown-version", "SignatureList Downgrade", "only a version that is not ours", "header_malformed", tokens=[self.unknown_token])
        c("list-good-under-other-version", "SignatureList Downgrade", "the right MAC under a version that is not ours", "header_malformed", tokens=[good.replace("v1", "v2", 1)])
        c("list-upper-case-version", "SignatureList SignatureCase", "the version in upper case is another version", "header_malformed", tokens=[good.replace("v1", "V1", 1)])
        c("list-version-with-zero", "SignatureList", "v01 is not v1", "header_malformed", tokens=[good.replace("v1", "v01", 1)])
        c("list-version-longer", "SignatureList", "v11 is not v1", "header_malformed", tokens=[good.replace("v1", "v11", 1)])
        c("list-16th", "SignatureFlood", "the right one in 16th place", tokens=[*wrong[:15], good])
        c("list-17th", "SignatureFlood", "the right one in 17th place: past the cap", "signature_mismatch", tokens=[*wrong[:16], good])
        c("list-first-of-20", "SignatureFlood", "the right one first, 19 after it", tokens=[good, *wrong[:19]])
        c("list-after-20-malformed", "SignatureFlood SignatureList", "malformed items are no candidates and do not count", tokens=[*broken, good])
        c("list-after-20-unknown", "SignatureFlood SignatureList", "unknown versions do not count", tokens=[self.unknown_token] * 20 + [good])

    BAD_TIMES = [
        ("plus", "+1767225590", "a sign"), ("minus", "-1767225590", "a sign"), ("fraction", "1767225590.0", "a fraction"),
        ("fraction-5", "1767225590.5", "a fraction"), ("exponent", "1.767225590e9", "an exponent"), ("exponent-short", "1e9", "digits and e"), ("hex", "0x69559576", "hex"),
        ("space-inside", "17672255 90", "a space inside"), ("underscore", "1_767_225_590", "digit groups"), ("trailing-text", "1767225590abc", "parseInt would stop at the text"),
        ("milliseconds", "1767225590000", "13 digits are milliseconds"), ("13-digits-zeros", "0001767225590", "13 digits, three of them leading zeros"),
        ("2-64", "18446744073709551616", "2^64"), ("2-64-plus-now", "18446744075476777206", "2^64 + the right time: wraps around"),
        ("2-63-minus", "-9223372036854775808", "the least i64: its absolute value overflows"), ("huge", "9" * 400, "400 digits"),
        ("nan", "NaN", "NaN compares as fresh"), ("infinity", "Infinity", "a number in JavaScript"), ("null", "null", "the text null"),
        ("iso", "2025-12-31T23:59:50Z", "ISO 8601 where Unix seconds belong"), ("superscript", "176722559\u00b2", "U+00B2 is a digit to some"),
        ("latin1", "1767225590\u00a0", "a no-break space after it"), ("tab-inside", "1767225\t590", "a tab inside"), ("empty", "", "no digits at all"),
    ]

    def times(self):
        c, past, future = self.case, self.past, self.future
        c("timestamp-past-edge", "TimestampEdge", f"{past} s old: the last second", ts=NOW - past)
        c("timestamp-past-beyond", "TimestampEdge TimestampStale", f"{past + 1} s old", "timestamp_too_old", ts=NOW - past - 1)
        c("timestamp-future-edge", "TimestampEdge TimestampFuture", f"{future} s ahead: the last second", ts=NOW + future)
        c("timestamp-future-beyond", "TimestampEdge TimestampFuture", f"{future + 1} s ahead", "timestamp_too_new", ts=NOW + future + 1)
        c("timestamp-now", "Valid", "age 0", ts=NOW)
        c("timestamp-zero", "TimestampStale", "1970", "timestamp_too_old", ts=0)
        c("timestamp-zero-at-zero", "TimestampEdge", "now is 0 and so is the timestamp", ts=0, now=0)
        c("timestamp-12-digits", "TimestampFuture", "the largest readable timestamp", "timestamp_too_new", ts="999999999999")
        c("timestamp-stale-and-wrong", "TimestampStale", "stale and wrongly signed: only the signature speaks", "signature_mismatch", ts=NOW - 4000, text=self.encode(bytes(32)))
        c("timestamp-future-and-wrong", "TimestampStale TimestampFuture", "ahead and wrongly signed", "signature_mismatch", ts=NOW + 4000, text=self.encode(bytes(32)))
        c("timestamp-refreshed", "SignatureWrong TimestampStale", "an old delivery replayed with a fresh timestamp", "signature_mismatch", ts=SENT, text=self.encode(self.digest(self.body, NOW - 4000)))
        c("timestamp-leading-zero", "TimestampAsReceived TimestampFormat", "a zero before the number, under a right MAC", "header_malformed", ts=f"0{SENT}")
        c("timestamp-leading-zeros-12", "TimestampAsReceived TimestampFormat", "12 characters, two of them zeros", "header_malformed", ts=f"00{SENT}")
        c("timestamp-leading-zero-lost", "TimestampAsReceived", "signed without the zero that is received", "header_malformed", ts=f"0{SENT}", text=self.encode(self.digest(self.body, SENT)))
        for name, text, why in self.BAD_TIMES:
            c(f"timestamp-{name}", "TimestampFormat", f"{why}; the MAC over this text is right", "header_malformed", ts=text)
        off = {"past": None, "future": None}
        c("tolerance-wide-edge", "Tolerance TimestampEdge", "a day, set by hand", ts=NOW - 86400, options={"tolerance": {"past": 86400, "future": future}})
        c("tolerance-wide-beyond", "Tolerance TimestampEdge", "a day and a second", "timestamp_too_old", ts=NOW - 86401, options={"tolerance": {"past": 86400, "future": future}})
        c("tolerance-zero-now", "Tolerance", "0 is a window of one second, not off", ts=NOW, options={"tolerance": {"past": 0, "future": 0}})
        c("tolerance-zero-old", "Tolerance", "0 and one second old", "timestamp_too_old", ts=NOW - 1, options={"tolerance": {"past": 0, "future": 0}})
        c("tolerance-zero-new", "Tolerance TimestampFuture", "0 and one second ahead", "timestamp_too_new", ts=NOW + 1, options={"tolerance": {"past": 0, "future": 0}})
        c("tolerance-past-off", "Tolerance", "past off: 1970 is fine", ts=0, options={"tolerance": {"past": None, "future": future}})
        c("tolerance-past-off-future-on", "Tolerance TimestampFuture", "past off leaves the future side on", "timestamp_too_new", ts=NOW + future + 1, options={"tolerance": {"past": None, "future": future}})
        c("tolerance-future-off", "Tolerance TimestampFuture", "future off", ts="999999999999", options={"tolerance": {"past": past, "future": None}})
        c("tolerance-future-off-past-on", "Tolerance", "future off leaves the past side on", "timestamp_too_old", ts=NOW - past - 1, options={"tolerance": {"past": past, "future": None}})
        c("tolerance-off-format", "Tolerance TimestampFormat", "off does not mean any text", "header_malformed", ts="1767225590abc", options={"tolerance": off})
        c("tolerance-off-wrong", "Tolerance SignatureWrong", "off does not mean unsigned", "signature_mismatch", ts=0, text=self.encode(bytes(32)), options={"tolerance": off})

    def timestamp_header(self, name):
        """Cases for senders that put the timestamp into a header of its own."""
        c = self.case
        value = self.value([self.sign(self.body)], SENT)
        pairs = self.headers(value, str(SENT), self.header_id)

        def but(text):
            return [(n, text if n == name else v) for n, v in pairs]

        c("timestamp-repeated-different", "HeaderRepeated", "two timestamps; the first is the signed one", "header_conflict", headers=[*pairs, (name, str(SENT + 1))])
        c("timestamp-repeated-different-last", "HeaderRepeated", "two timestamps; the last is the signed one", "header_conflict", headers=[(name, str(SENT + 1)), *pairs])
        c("timestamp-joined-different", "HeaderRepeated", "two timestamps joined by a proxy", "header_conflict", headers=but(f"{SENT}, {SENT + 1}"))
        c("timestamp-joined-same", "HeaderRepeated", "one timestamp twice, joined by a proxy", headers=but(f"{SENT}, {SENT}"))
        c("timestamp-repeated-same-value-other-text", "HeaderRepeated", "the same second in two spellings is two values", "header_conflict", headers=[*pairs, (name, f"0{SENT}")])
        c("timestamp-space-around", "TimestampFormat", "spaces around; the MAC over this text is right (a runtime that trims header values cannot run this)", "header_malformed", ts=f" {SENT} ")
        c("order-signature-before-timestamp", "HeaderOrder", "signature malformed and timestamp missing", "header_malformed", headers=[(n, "v1" if n == pairs[0][0] else v) for n, v in pairs if n != name])
        c("order-timestamp-before-mac", "HeaderOrder", "timestamp malformed and signature wrong", "header_malformed", headers=self.headers(self.value([self.token(self.encode(bytes(32)))], SENT), "soon", self.header_id))

    def single_value(self, name):
        """Cases for senders whose signature header holds one value."""
        c = self.case
        good = self.value([self.sign(self.body)], SENT)
        wrong = self.value([self.token(self.encode(bytes(32)))], SENT)
        pairs = self.headers(good, str(SENT), self.header_id)

        def but(text):
            return [(n, text if n == name else v) for n, v in pairs]

        c("signature-repeated-different", "HeaderRepeated", "two signatures; the first is right", "header_conflict", headers=[*pairs, (name, wrong)])
        c("signature-repeated-different-last", "HeaderRepeated", "two signatures; the last is right", "header_conflict", headers=[(name, wrong), *pairs])
        c("signature-repeated-and-empty", "HeaderRepeated", "the right one and an empty one", "header_conflict", headers=[*pairs, (name, "")])
        c("signature-joined-different", "HeaderRepeated", "two signatures joined by a proxy", "header_conflict", headers=but(f"{good}, {wrong}"))
        c("signature-joined-same", "HeaderRepeated", "one signature twice, joined by a proxy", headers=but(f"{good}, {good}"))
        c("signature-repeated-other-case", "HeaderRepeated SignatureCase", "the same MAC in two spellings is two values", "header_conflict", headers=[*pairs, (name, good[:-64] + good[-64:].upper())])

    def keyrings(self):
        c, body = self.case, self.body
        a, b = self.secret, self.other_secret
        ta, tb = (self.sign(body, secret=s) for s in (a, b))
        c("keyring-one", "Keyring", "a keyring of one has a name", secrets=[("main", a)], tokens=[ta], key="main")
        c("keyring-first", "Keyring", "signed with the first key", secrets=[("new", a), ("old", b)], tokens=[ta], key="new")
        c("keyring-second", "Keyring", "signed with the second key", secrets=[("new", b), ("old", a)], tokens=[ta], key="old")
        c("keyring-third", "Keyring", "signed with the third key", secrets=[("k1", b), ("k2", self.third_secret), ("k3", a)], tokens=[ta], key="k3")
        c("keyring-none", "Keyring", "signed with a key that is not on the ring", "signature_mismatch", secrets=[("k1", b), ("k2", self.third_secret)], tokens=[ta])
        c("keyring-same-secret-twice", "Keyring", "one secret under two names: the first name", secrets=[("k1", a), ("k2", a)], tokens=[ta], key="k1")
        c("key-expires-last-second", "KeyExpired", "now is the last second of the old key", secrets=[("new", b), ("old", a, NOW)], tokens=[ta], key="old")
        c("key-expired", "KeyExpired", "the old key expired a second ago", "signature_mismatch", secrets=[("new", b), ("old", a, NOW - 1)], tokens=[ta])
        c("key-expired-first", "KeyExpired", "an expired key before the right one", secrets=[("old", b, NOW - 1), ("new", a)], tokens=[ta], key="new")
        c("key-expired-all", "KeyExpired", "every key expired: a mistake of ours, so the sender tries again", "secret_expired", secrets=[("k1", a, NOW - 1), ("k2", b, 0)], tokens=[ta])
        c("key-expires-zero", "KeyExpired", "0 is a time, not never", "secret_expired", secrets=[("k1", a, 0)], tokens=[ta])
        c("key-expired-and-renewed", "KeyExpired Keyring", "the same secret, expired under one name and live under another", secrets=[("old", a, NOW - 1), ("new", a)], tokens=[ta], key="new")
        if self.is_list:
            c("keyring-both-sign", "Keyring SignatureList", "rotation: the sender signs with both", secrets=[("new", a), ("old", b)], tokens=[ta, tb], key="new")
            c("keyring-sender-ahead", "Keyring SignatureList", "the sender signs with two keys, we have the older", tokens=[tb, ta])

    def lint(self):
        c, a = self.case, self.secret

        def bad(name, code, comment, secret):
            c(f"secret-{name}", "SecretLint", comment, code, secret=secret, text=self.encode(self.digest(self.body)))

        bad("empty", "secret_empty", "an unset variable", "")
        bad("only-spaces", "secret_empty", "spaces only", "   ")
        bad("only-newline", "secret_empty", "a newline only", "\n")
        bad("newline-after", "secret_not_decodable", "read from a file with its newline", a + "\n")
        bad("crlf-after", "secret_not_decodable", "read from a Windows file", a + "\r\n")
        bad("space-before", "secret_not_decodable", "pasted with a space before", " " + a)
        bad("space-after", "secret_not_decodable", "pasted with a space after", a + " ")
        bad("tab-after", "secret_not_decodable", "pasted with a tab after", a + "\t")
        bad("double-quoted", "secret_not_decodable", "quotes kept from a .env file", f'"{a}"')
        bad("single-quoted", "secret_not_decodable", "quotes kept from a shell", f"'{a}'")
        bad("byte-order-mark", "secret_not_decodable", "read from a file that begins with a byte order mark", "\ufeff" + a)
        bad("zero-width-space", "secret_not_decodable", "pasted from a web page with a zero-width space", a[:8] + "\u200b" + a[8:])
        pem = "-----BEGIN PUBLIC KEY-----\n" + b64(bytes.fromhex("302a300506032b6570032100") + PUBLIC) + "\n-----END PUBLIC KEY-----"
        bad("public-key-in-pem", "secret_wrong_kind", "a public key as a shared secret: whoever knows it could sign", pem)
        bad("public-key-in-pem-with-newline", "secret_wrong_kind", "the same as read from its file", pem + "\n")
        bad("undefined", "secret_not_decodable", "a variable that was not set, as text", "undefined")
        bad("name-of-variable", "secret_not_decodable", "a template that nobody filled in", "${WEBHOOK_SECRET}")
        bad("assignment", "secret_not_decodable", "a whole line of a .env file", f"WEBHOOK_SECRET={a}")
        bad("placeholder", "secret_not_decodable", "what an example has in its place", "your_secret_here")
        bad("masked", "secret_not_decodable", "as a page shows it before a click", "whsec_\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022")
        bad("json", "secret_not_decodable", "a secrets manager's JSON", json.dumps({"secret": a}))
        bad("url", "secret_not_decodable", "the address of the webhook", "https://example.com/hooks")
        c("secret-name-twice", "SecretLint Keyring", "two secrets of one name", "secret_conflict", secrets=[("main", a), ("main", self.other_secret)])
        c("secret-bad-in-ring", "SecretLint Keyring", "one empty secret spoils the ring", "secret_empty", secrets=[("new", a), ("old", "")])
        c("secret-bad-first-in-ring", "SecretLint Keyring", "one padded secret spoils the ring", "secret_not_decodable", secrets=[("new", b_pad(a)), ("old", a)], tokens=[self.sign(self.body)])
        for kind in ("whpk_", "whsk_"):
            if self.hmac_only:
                data = PUBLIC if kind == "whpk_" else SEED + PUBLIC
                bad(f"wrong-kind-{kind[:-1]}", "secret_wrong_kind", "an Ed25519 key where an HMAC secret belongs", kind + b64(data))

    hmac_only = True
    all_begin_with_whsec = False

    def text_keys(self):
        """Senders whose key is the secret's text."""
        c = self.case
        c("secret-space-inside", "KeyFormat", "a passphrase with spaces", secret="It's a Secret to Everybody")
        c("secret-utf8", "KeyFormat", "a passphrase that is not ASCII is its UTF-8", secret="p\u00e4ssw\u00f6rd \u65e5\u672c")
        bare = "secret_wrong_kind" if self.all_begin_with_whsec else "valid"
        c("secret-looks-like-hex", "KeyFormat", "64 hex digits are text here, not 32 bytes", bare, secret="00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
        c("secret-longer-than-block", "KeyFormat", "a key longer than the 64-byte block is hashed first", secret=("whsec_" if self.all_begin_with_whsec else "") + "s" * 200)
        c("secret-as-base64", "KeyFormat", "signed with the base64-decoded secret", "secret_wrong_kind" if self.all_begin_with_whsec else "signature_mismatch", secret="MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
          text=self.encode(mac(base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), self.content(raw(self.body), str(SENT), self.header_id))))

    def names(self, **names):
        """`names`: role = (the default name, the configured one)."""
        c = self.case
        pairs = self.headers(self.value([self.sign(self.body)], SENT), str(SENT), self.header_id)
        where = {role: new for role, (_, new) in names.items()}
        rename = dict(names.values())
        c("header-names-configured", "HeaderName", "other header names, set by hand", headers=[(rename.get(n, n), v) for n, v in pairs], options={"headers": where})
        c("header-names-other-case", "HeaderName HeaderCase", "configured names match in any case", headers=[(rename.get(n, n).upper(), v) for n, v in pairs], options={"headers": where})
        c("header-names-default-ignored", "HeaderName HeaderMissing", "the default name is not read any more", "header_missing", headers=pairs, options={"headers": {"signature": where["signature"]}})

    def events(self, flags, bodies):
        """(case id, body, type, id, payload)"""
        for name, body, type_, id_, payload in bodies:
            self.case(name, flags, type_ or "no type", body=body, type=type_, body_id=id_, payload=payload)


def b_pad(text):
    return text + "\n"


def slug(type_):
    out = "".join(x if x.isalnum() else "-" for x in type_.lower())
    return "-".join(p for p in out.split("-") if p)


WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WHSEC_2 = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
WHSEC_3 = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
# The Ed25519 pair of Svix's README: published, so no secret.
WHSK = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
SEED = base64.b64decode(WHSK[5:])[:32]
PUBLIC = base64.b64decode(WHSK[5:])[32:]
SIGNER = Ed25519PrivateKey.from_private_bytes(SEED)
assert SIGNER.public_key().public_bytes_raw() == PUBLIC
OTHER_SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ED_ORDER = 2**252 + 27742317777372353535851937790883648493


class Plane(Sender):
    timed = False
    secret = "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5"
    other_secret = "plane_wh_00000000000000000000000000000001"
    third_secret = "plane_wh_00000000000000000000000000000002"
    body = ('{"event": "issue", "action": "created", "webhook_id": "f1a2fe64-c8d4-4eed-b3ef-498690052c1d", "workspace_id": '
            '"c467e125-59e3-44ec-b5ee-f9c1e138c611", "data": {"id": "9a28bd00-ed9c-4f5d-8be9-fc05cbb1fc57"}, "activity": {"field": null, '
            '"new_value": null, "old_value": null, "actor": {"id": "6bb20d1c-4960-41ca-af4f-cee01de160c4", "display_name": "zo\\u00eb"}, '
            '"old_identifier": null, "new_identifier": null}}')
    type, payload = "issue.created", "valid"

    def headers(self, value, ts, ident):
        return [("X-Plane-Signature", value)]

    VERBS = {"create": "created", "update": "updated", "delete": "deleted"}

    def make(self):
        s, c = self.start, self.case
        s("v1.3.1/issue.created.unicode", "captured-issue-created-unicode", "Vendor EventType", event={"type": "issue.created"}, payload="valid")
        s("v1.3.1/issue.updated.label_ids.list_values", "captured-issue-updated-list-values", "Vendor EventType", event={"type": "issue.updated"}, payload="valid")
        s("v1.3.1/project.deleted", "captured-project-deleted", "Vendor EventType", event={"type": "project.deleted"}, payload="valid")
        s("v1.3.1/issue_comment.created", "captured-issue-comment-created", "Vendor EventType", event={"type": "issue_comment.created"}, payload="valid")
        s("post-9232/project.deleted", "captured-project-deleted-slug", "Vendor EventType", event={"type": "project.deleted"}, payload="valid")
        s("eraA/project.update.seed", "docs-project-update", "Vendor EventType", event={"type": "project.updated"}, payload="valid")
        s("eraB/issue.deleted.link_removed", "era-b-issue-deleted-link", "Vendor EventType", event={"type": "issue.deleted"}, payload="valid")
        s("v2/workitem.comment.created", "docs-v2-workitem-comment-created", "Vendor EventType", event={"type": "workitem.comment.created", "id": "0afa042d-92a9-4326-bdca-5ff5490dbf09"}, payload="valid")
        s("unsigned.issue.created.no_secret", "captured-unsigned", "Vendor HeaderMissing", "Plane signs nothing while the secret is empty: refused", "header_missing", secret=self.secret)
        s("unsigned.issue.created.no_secret", "captured-unsigned-no-secret", "Vendor SecretLint", "an empty secret here never means: accept unsigned", "secret_empty")
        s("reserialised.compact_utf8", "captured-reserialized", "BodyReserialized", "JSON.stringify(JSON.parse(body))", "signature_mismatch")
        s("body.trailing_newline", "captured-newline-added", "BodyTampered", "a newline was appended", "signature_mismatch")
        s("sig.truncated_58", "captured-signature-58", "SignatureMalformed Vendor", "58 hex characters, as in the old docs", "header_malformed")
        s("sig.not_hex", "captured-signature-not-hex", "SignatureMalformed", "64 characters that are not hex", "header_malformed")
        old = "7896ae9addb1f73931132b4f3e052bf12c410b837b24898e75dcd660c7"
        c("docs-sample-signature", "Vendor SignatureMalformed", "the sample of Plane's own docs is no SHA-256", "header_malformed", value=old, source="makeplane/developer-docs docs/dev-tools/intro-webhooks.md")
        self.common()
        self.single_value("X-Plane-Signature")
        self.text_keys()
        self.names(signature=("X-Plane-Signature", "X-Custom-Signature"))
        c("signature-sha256-prefix", "SignatureMalformed", "GitHub's prefix does not belong here", "header_malformed", value="sha256=" + self.sign(self.body))
        c("signature-python-bytes", "SignatureMalformed", "a Python bytes literal", "header_malformed", value=f"b'{self.sign(self.body)}'")
        c("no-time-no-staleness", "TimestampStale", "a scheme without time is never stale", now=4102444800)
        c("unsigned-headers-ignored", "Envelope ReplayKey", "X-Plane-Event and X-Plane-Delivery are outside the MAC", add=[("X-Plane-Event", "project"), ("X-Plane-Delivery", "c9f8be4e-a7e0-4abe-937c-33b9beb945b6")])
        for name, body in EVENTS["plane"]:
            if name.startswith("agent"):
                type_, id_ = "agent_run." + body["action"], None
            elif name.startswith("v2"):
                type_, id_ = body["event"], body["event_id"]
            else:
                type_, id_ = body["event"] + "." + self.VERBS.get(body["action"], body["action"]), None
            c(f"event-{name}", "UnknownEvent" if name.startswith("unknown") else "EventType", f"{type_}", body=json.dumps(body), type=type_, body_id=id_, payload="valid")
        bad = {"event": "issue", "action": "created", "webhook_id": "w", "workspace_id": "s", "data": {"id": "i"}}
        n = "no name can be told"
        for name, body, type_, id_, comment in [
            ("empty-object", {}, f"event: nothing {NOT}", None, "no key of the envelope"),
            ("no-action", {k: v for k, v in bad.items() if k != "action"}, f"action: nothing {NOT}", None, n), ("no-event", {k: v for k, v in bad.items() if k != "event"}, f"event: nothing {NOT}", None, n),
            ("event-number", bad | {"event": 5}, f"event: a number {NOT}", None, n), ("action-null", bad | {"action": None}, f"action: null {NOT}", None, n), ("event-object", bad | {"event": {"x": 1}}, f"event: an object {NOT}", None, n),
            ("agent-run-string", {"action": "created", "agent_run": "aaaaaaaa-1111-4000-8000-000000000001", "type": "agent_run"}, f"event: nothing {NOT}", None, "agent_run is no object"),
            ("other-senders-envelope", {"id": "evt_1", "object": "event", "type": "invoice.paid"}, f"event: nothing {NOT}", None, "Stripe's envelope under Plane's signature"),
        ]:
            c(f"payload-{name}", "Envelope PayloadInvalid", comment, body=json.dumps(body), type=None, body_id=id_, payload="invalid", difference=type_)
        v2 = {"event_id": "e1", "event": "workitem.updated", "data": {}}
        for name, body, type_, id_, left, comment in [
            ("no-data", {k: v for k, v in bad.items() if k != "data"}, "issue.created", None, [], "the page calls data optional"),
            ("data-null", bad | {"data": None}, "issue.created", None, [], "data is null"), ("no-webhook-id", {k: v for k, v in bad.items() if k != "webhook_id"}, "issue.created", None, [], "no webhook_id"),
            ("workspace-id-number", bad | {"workspace_id": 5}, "issue.created", None, [f"workspace_id: a number {NOT}"], "an id that is a number"),
            ("data-without-id", bad | {"data": {"name": "a"}}, "issue.created", None, [], "an issue without its id"),
            ("name-number", bad | {"data": {"id": "i", "name": 7}}, "issue.created", None, [f"data.name: a number {NOT}"], "a name that is a number"),
            ("labels-object", bad | {"data": {"id": "i", "labels": {"id": "l"}}}, "issue.created", None, ["data.labels: an object where a list belongs"], "labels that are no list"),
            ("label-number", bad | {"data": {"id": "i", "labels": ["l", 5]}}, "issue.created", None, ["data.labels[1]: a number where an object belongs"], "a label that is neither an id nor a label"),
            ("activity-list", bad | {"activity": []}, "issue.created", None, ["activity: a list where an object belongs"], "an activity that is a list"),
            ("v2-minimal", v2, "workitem.updated", "e1", [], "v2 with no more than its types need"), ("v2-version-number", v2 | {"version": 2}, "workitem.updated", "e1", [f"version: a number {NOT}"], "a version that is a number"),
            ("agent-minimal", {"action": "created", "agent_run": {}}, "agent_run.created", None, [], "a call on an agent with no more than its types need"),
        ]:
            c(f"payload-{name}", "PayloadDiffers", comment, body=json.dumps(body), type=type_, body_id=id_, payload="valid", left=left)
        c("payload-v2-no-data", "Envelope PayloadInvalid", "a v2 event without data", body=json.dumps({k: v for k, v in v2.items() if k != "data"}), type="workitem.updated", body_id="e1", payload="invalid", difference="data: nothing where an object belongs")
        c("replay-key-delivery-id", "ReplayKey", "v2: event_id, not delivery_id (new on every attempt)", body=json.dumps(EVENTS["plane"][25][1] | {"delivery_id": "another"}),
          type=EVENTS["plane"][25][1]["event"], body_id=EVENTS["plane"][25][1]["event_id"], payload="valid")


class GitHub(Sender):
    timed, form = False, True
    secret, other_secret, third_secret = "It's a Secret to Everybody", "It's another Secret", "a third secret"
    body = '{"zen":"Keep it logically awesome.","hook_id":109948940,"hook":{"type":"Repository","id":109948940,"events":["push"],"active":true}}'
    payload = "valid"

    def token(self, text):
        return "sha256=" + text

    def headers(self, value, ts, ident):
        return [("X-Hub-Signature-256", value)]

    def make(self):
        s, c = self.start, self.case
        s("peer-085", "docs-hello-world", "Vendor", payload="invalid")
        s("peer-089", "docs-hello-world-tampered", "Vendor BodyTampered", result="signature_mismatch")
        self.common()
        self.single_value("X-Hub-Signature-256")
        self.text_keys()
        self.names(signature=("X-Hub-Signature-256", "X-Gitea-Signature-256"))
        good = self.sign(self.body)
        sha1 = mac(self.secret, self.body, "sha1").hex()
        c("prefix-missing", "SignatureMalformed", "bare hex", "header_malformed", value=good[7:])
        c("prefix-upper-case", "SignatureCase", "the prefix is exact", "header_malformed", value="SHA256=" + good[7:])
        c("prefix-other", "Downgrade", "SHA-1 in the SHA-256 header", "header_malformed", value="sha1=" + sha1)
        c("prefix-with-sha1", "Downgrade SignatureMalformed", "20 bytes under the SHA-256 prefix", "header_malformed", value="sha256=" + sha1)
        c("prefix-twice", "SignatureMalformed", "the prefix twice", "header_malformed", value="sha256=" + good)
        c("prefix-space-after", "SignatureMalformed", "a space after the prefix", "header_malformed", value="sha256= " + good[7:])
        c("sha1-only", "Downgrade HeaderMissing", "only the old X-Hub-Signature", "header_missing", headers=[("X-Hub-Signature", "sha1=" + sha1)])
        c("sha1-beside-wrong-sha256", "Downgrade", "a right SHA-1 does not rescue a wrong SHA-256", "signature_mismatch", value="sha256=" + "00" * 32, add=[("X-Hub-Signature", "sha1=" + sha1)])
        c("sha1-wrong-beside-right-sha256", "Downgrade", "X-Hub-Signature is not read", add=[("X-Hub-Signature", "sha1=" + "00" * 20)])
        c("unsigned-headers-ignored", "Envelope ReplayKey", "X-GitHub-Event and X-GitHub-Delivery are outside the MAC", add=[("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")])
        for name, body, comment, more in [
            ("encoded", "payload=%7B%22zen%22%3A%22Design+for+failure.%22%7D", "content type application/x-www-form-urlencoded", {"add": [("Content-Type", "application/x-www-form-urlencoded")]}),
            ("content-type-json", "payload=%7B%22zen%22%3A%22a%22%7D", "no signature covers the content type: the signed bytes tell", {"add": [("Content-Type", "application/json")]}),
            ("plus", "payload=%7B%22a%22%3A%22x+y%20z%2Bw%22%7D", "a plus is a space, an escaped one is a plus", {}),
            ("escape-invalid", "payload=%7B%22a%22%3A%22100%25%22%2C%22b%22%3A%22%zz%4%22%7d", "an escape that is none stays as it is", {}),
            ("text", "payload=%7B%22a%22%3A%22z%C3%BC%F0%9F%9A%80%22%7D", "escapes are bytes of UTF-8", {}),
            ("other-fields", "a=b&&c&payload=%7B%22a%22%3A%22%26%3D%22%7D&payload=%5B%5D", "the first of several fields of this name", {}),
            ("name-escaped", "p%61yload=%7B%22a%22%3A1%7D", "an escape in the name", {}),
            ("value-not-escaped", 'payload={"a":"b=c"}', "only what has to be escaped is", {}),
        ]:
            c(f"form-{name}", "Form", comment, body=body, payload="valid", read=json.loads(urllib.parse.parse_qs(body, keep_blank_values=True)["payload"][0]), **more)
        for name, body, difference, comment in [
            ("no-payload", "token=x&text=a", f"{BODY}: {FORM} {JSON}", "a form without payload"), ("not-json", "payload=hello", f"payload: text that is no JSON {JSON}", "no JSON in payload"),
            ("payload-empty", "payload=", f"payload: nothing {JSON}", "nothing in payload"), ("not-utf8", "payload=%FF", f"payload: bytes that are no UTF-8 {JSON}", "bytes that are no text"),
            ("list", "payload=%5B%5D", f"{BODY}: a list where an object belongs", "JSON, but not an object"),
        ]:
            c(f"form-{name}", "Form PayloadInvalid", comment, body=body, payload="invalid", difference=difference)
        for name, body, left in [
            ("sender-text", {"sender": "octocat"}, ["sender: a text where an object belongs"]), ("id-text", {"sender": {"login": "octocat", "id": "7"}}, ["sender.id: a text where a whole number belongs"]),
            ("no-login", {"sender": {"id": 7}}, []), ("repository-null", {"repository": None}, []), ("action-list", {"action": ["opened"]}, [f"action: a list {NOT}"]),
        ]:
            c(f"payload-{name}", "PayloadDiffers", name.replace("-", " "), body=json.dumps(body), payload="valid", left=left)
        c("body-with-type-and-id", "Envelope", "type and id in a body are not GitHub's envelope", body='{"type":"push","id":"1","event":"push"}', payload="valid")
        c("no-time-no-staleness", "TimestampStale", "a scheme without time is never stale", now=4102444800)


class Stripe(Sender):
    is_list = True
    secret, other_secret, third_secret = "whsec_test_secret", "whsec_other_secret", "whsec_third_secret"
    body = '{"id":"evt_1","object":"event","api_version":"2026-07-29.dahlia","created":1767225580,"data":{"object":{"id":"in_1","object":"invoice"}},"livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"type":"invoice.paid"}'
    type, body_id, payload = "invoice.paid", "evt_1", "valid"
    unknown_token = "v0=" + "6f" * 32

    all_begin_with_whsec = True
    def token(self, text):
        return "v1=" + text

    def value(self, tokens, ts):
        return f"t={ts}," + ",".join(tokens)

    def headers(self, value, ts, ident):
        return [("Stripe-Signature", value)]

    def make(self):
        s, c, f = self.start, self.case, "header_malformed"
        none = {"time": 1700000000, "payload": "invalid"}
        s("peer-046", "sdk-single", "Vendor Envelope", **none)
        s("peer-054", "sdk-binary-body", "Vendor BodyBytes", time=0, payload="invalid")
        s("peer-058", "sdk-event-test-signature", "Vendor EventType", time=1533204620, event={"type": "customer.created", "id": "evt_123"}, payload="valid")
        s("peer-059", "sdk-outdated", "Vendor TimestampStale", result="timestamp_too_old")
        s("peer-060", "sdk-tampered", "Vendor BodyTampered", result="signature_mismatch")
        s("peer-062", "sdk-malformed-header", "Vendor SignatureMalformed", result=f)
        s("wire-00", "wire-snapshot", "EventType", time=1614556800, event={"type": "invoice.paid", "id": "evt_1Pgc76B7WZ01zgkWwyRHS12y"}, payload="valid")
        s("wire-03", "wire-stale", "TimestampStale TimestampEdge", result="timestamp_too_old")
        s("wire-05", "wire-connect", "EventType", time=1614556800, event={"type": "customer.subscription.updated", "id": "evt_2"}, payload="valid")
        s("wire-06", "wire-thin", "EventType", time=1614556800, event={"type": "v1.billing.meter.error_report_triggered", "id": "evt_234"}, payload="valid")
        self.common()
        self.text_keys()
        self.names(signature=("Stripe-Signature", "X-Forwarded-Stripe-Signature"))
        g = self.encode(self.digest(self.body))
        wrong = "00" * 32
        v = self.value([self.sign(self.body)], SENT)
        c("no-t", "SignatureMalformed", "v1 without t", f, value=f"v1={g}")
        c("no-v1", "SignatureMalformed", "t without v1", f, value=f"t={SENT}")
        c("only-v0", "Downgrade", "the right MAC, but under v0", f, value=f"t={SENT},v0={g}")
        c("v0-first", "Downgrade SignatureList", "v0 before v1", value=f"t={SENT},v0={wrong},v1={g}")
        c("v0-right-v1-wrong", "Downgrade", "a right v0 does not rescue a wrong v1", "signature_mismatch", value=f"t={SENT},v0={g},v1={wrong}")
        c("t-last", "SignatureList", "t after v1", value=f"v1={g},t={SENT}")
        c("t-between", "SignatureList", "t between two v1", value=f"v1={wrong},t={SENT},v1={g}")
        c("t-same-twice", "HeaderRepeated", "t twice, same value", value=f"t={SENT},t={SENT},v1={g}")
        c("t-different", "HeaderRepeated", "two t; the first is the signed one", "header_conflict", value=f"t={SENT},t={SENT + 1},v1={g}")
        c("t-different-last", "HeaderRepeated", "two t; the last is the signed one", "header_conflict", value=f"t={SENT - 9000},v1={g},t={SENT}")
        c("t-different-text", "HeaderRepeated", "the same second in two spellings is two values", "header_conflict", value=f"t={SENT},t=0{SENT},v1={g}")
        c("t-upper-case", "SignatureCase", "T is not t", f, value=f"T={SENT},v1={g}")
        c("t-without-value", "SignatureMalformed", "t without =", f, value=f"t,v1={g}")
        c("t-space-after-equals", "TimestampFormat", "a space between = and the digits", f, value=f"t= {SENT},v1={g}")
        c("v1-space-after-equals", "SignatureMalformed", "a space between = and the hex", f, value=f"t={SENT},v1= {g}")
        c("spaces-after-commas", "SignatureList", "items are trimmed", value=f"t={SENT}, v1={wrong}, v1={g}")
        c("spaces-around-items", "SignatureList", "items are trimmed on both sides", value=f"t={SENT}  ,  v1={g}")
        c("unknown-keys", "SignatureList", "keys of a later version", value=f"x=1,t={SENT},v9=abc,flag,v1={g},=,y=")
        c("empty-items", "SignatureList", "commas with nothing between", value=f",,t={SENT},,v1={g},")
        c("semicolons", "SignatureMalformed", "another separator", f, value=f"t={SENT};v1={g}")
        c("v1-value-with-equals", "SignatureMalformed SignatureEncoding", "the hex has an = after it", f, value=f"t={SENT},v1={g}=")
        c("header-repeated-same", "HeaderRepeated", "the whole header twice, joined by a proxy", value=f"{v}, {v}")
        c("header-joined-different", "HeaderRepeated", "two headers of two seconds, joined by a proxy", "header_conflict", value=f"{v}, t={SENT + 1},v1={wrong}")
        c("header-repeated-same-second", "HeaderRepeated", "two headers of one second; the first is right", "header_conflict", headers=[("Stripe-Signature", v), ("Stripe-Signature", f"t={SENT},v1={wrong}")])
        c("header-repeated-different", "HeaderRepeated", "two headers of two seconds; the first is right", "header_conflict", headers=[("Stripe-Signature", v), ("Stripe-Signature", f"t={SENT + 1},v1={wrong}")])
        c("header-repeated-different-last", "HeaderRepeated", "two headers of two seconds; the last is right", "header_conflict", headers=[("Stripe-Signature", f"t={SENT + 1},v1={wrong}"), ("Stripe-Signature", v)])
        c("secret-without-whsec", "KeyFormat", "any text is a key", secret="webhook_secret")
        c("secret-whsec-stripped", "KeyFormat", "signed with what follows whsec_", "signature_mismatch", text=self.encode(mac("test_secret", f"{SENT}.{self.body}")))
        c("secret-endpoint-id", "SecretLint", "the id of the webhook endpoint", "secret_wrong_kind", secret="we_1NbZ8a2eZvKYlo2C0s8hGxQk")
        c("secret-whsec-cut-off", "SecretLint", "copied without whsec_", "secret_wrong_kind", secret="MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        for kind in ("sk_live_51AbC", "sk_test_51AbC", "pk_live_51AbC", "pk_test_51AbC", "rk_live_51AbC"):
            c("secret-api-key-" + slug(kind), "SecretLint", "an API key where the endpoint's secret belongs", "secret_wrong_kind", secret=kind)
        for body in EVENTS["stripe"]:
            unknown = "gizmo" in body["type"]
            c("event-" + slug(body["type"]), "UnknownEvent" if unknown else "EventType", body["type"], body=json.dumps(body, ensure_ascii=False, indent=2),
              type=body["type"], body_id=body["id"], payload="valid")
        base = json.loads(self.body)
        event = "where the text event belongs"
        for name, change, type_, id_, difference, comment in [
            ("empty-object", {}, None, None, f"object: nothing {event}", "no key of the envelope"), ("no-object", {**base, "object": None}, None, None, f"object: null {event}", "object is null"),
            ("object-list", {**base, "object": "list"}, None, None, f"object: another text {event}", "object is another kind"), ("object-number", {**base, "object": 1}, None, None, f"object: a number {event}", "object is a number"),
            ("type-number", {**base, "type": 5}, None, "evt_1", f"type: a number {NOT}", "type is a number"), ("no-type", {k: x for k, x in base.items() if k != "type"}, None, "evt_1", f"type: nothing {NOT}", "no type"),
            ("data-string", {**base, "data": "x"}, "invoice.paid", "evt_1", "data: a text where an object belongs", "data is no object"),
            ("no-data", {k: x for k, x in base.items() if k != "data"}, "invoice.paid", "evt_1", "data: nothing where an object belongs", "a snapshot without data"),
            ("data-empty", {**base, "data": {}}, "invoice.paid", "evt_1", "data.object: nothing where an object belongs", "no object in data"), ("object-id", {**base, "data": {"object": "in_1"}}, "invoice.paid", "evt_1", "data.object: a text where an object belongs", "an id where the object belongs"),
            ("thin-no-type", {"object": "v2.core.event", "id": "evt_1"}, None, "evt_1", f"type: nothing {NOT}", "a thin event without its type"),
        ]:
            c(f"payload-{name}", "Envelope PayloadInvalid", comment, body=json.dumps(change), type=type_, body_id=id_, payload="invalid", difference=difference)
        whole = "where a whole number belongs"
        for name, change, id_, left, comment in [
            ("id-number", {"id": 5}, None, [f"id: a number {NOT}"], "id is a number"), ("no-id", {"id": ...}, None, [], "no id"), ("created-string", {"created": "now"}, "evt_1", [f"created: a text {whole}"], "created is text in a snapshot"),
            ("no-livemode", {"livemode": ...}, "evt_1", [], "no livemode"), ("created-fraction", {"created": 1.5}, "evt_1", [f"created: a number with a fraction {whole}"], "created has a fraction"),
            ("created-whole-fraction", {"created": 1767225580.0}, "evt_1", [], "1.0 is 1, as in JavaScript"), ("created-large", {"created": 1e19}, "evt_1", [f"created: a number beyond 64 bits {whole}"], "created is beyond 64 bits"),
            ("object-empty", {"data": {"object": {}}}, "evt_1", [], "an object without fields"), ("amount-text", {"data": {"object": {"id": "in_1", "amount_due": "12"}}}, "evt_1", [f"data.object.amount_due: a text {whole}"], "an amount that is a text"),
            ("customer-expanded", {"data": {"object": {"id": "in_1", "customer": {"id": "cus_1"}}}}, "evt_1", [f"data.object.customer: an object {NOT}"], "an expanded object"),
            ("metadata-number", {"data": {"object": {"metadata": {"order": 7}}}}, "evt_1", [f"data.object.metadata.order: a number {NOT}"], "a number in metadata"),
            ("metadata-address", {"data": {"object": {"metadata": {"zoe@example.com": None}}}}, "evt_1", [f"data.object.metadata.*: null {NOT}"], "a key that is data is not named"),
            ("request-text", {"request": "req_1"}, "evt_1", [], "the request before 2017"), ("request-number", {"request": 5}, "evt_1", [f"request: a number {NOT}"], "a request that is a number"),
        ]:
            changed = {k: v for k, v in (base | change).items() if v is not ...}
            c(f"payload-{name}", "PayloadDiffers", comment, body=json.dumps(changed), type="invoice.paid", body_id=id_, payload="valid", left=left)
        c("payload-thin-minimal", "PayloadDiffers", "a thin event with no more than its types need", body='{"object":"v2.core.event","type":"v2.core.event_destination.ping"}', type="v2.core.event_destination.ping", payload="valid", left=[])
        for n, text, why in [(256, "e" * 256, "256 bytes"), (257, "e" * 257, "257 bytes: past the bound"), (258, "\u00e9" * 129, "129 characters, 258 bytes")]:
            c(f"replay-key-id-{n}", "ReplayKey", f"an id of {why}", body=json.dumps({**base, "id": text}, ensure_ascii=False), type="invoice.paid", body_id=text, payload="valid")
        for n, scope in [("", "tenant-7"), ("-colon", "a:id:b"), ("-like-escaped", "a%3Aid%3Ab")]:
            c(f"scope{n}", "ReplayKey", "keys of its own for a tenant", options={"scope": scope})


class SvixLike(Sender):
    """svix, resend and standard-webhooks: one scheme, two families of header names."""

    is_list, hexadecimal = True, False
    secret, other_secret, third_secret = WHSEC, WHSEC_2, WHSEC_3
    header_id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    body = '{"type":"user.created","timestamp":"2025-12-31T23:59:50Z","data":{"id":"usr_1"}}'
    type, payload = "user.created", "valid"
    unknown_token = "v2," + b64(bytes(32))
    empty_token = "v1"      # "v1, " would read as two headers joined by a proxy
    prefix = "webhook"
    hmac_only = False

    def key(self, secret):
        return base64.b64decode(secret.removeprefix("whsec_"))

    def content(self, body, ts, ident):
        return wire(f"{ident}.{ts}.") + body

    def token(self, text):
        return "v1," + text

    def value(self, tokens, ts):
        return " ".join(tokens)

    def headers(self, value, ts, ident):
        return [(f"{self.prefix}-signature", value), (f"{self.prefix}-timestamp", ts), (f"{self.prefix}-id", ident)]

    def event_id(self, body_id, ident):
        return ident

    def shared(self):
        c, f, p = self.case, "header_malformed", self.prefix
        self.common()
        self.timestamp_header(f"{p}-timestamp")
        good = self.sign(self.body)
        pairs = self.headers(good, str(SENT), self.header_id)
        wrong = "v1," + b64(bytes(32))

        def but(name, text):
            return [(n, text if n == f"{p}-{name}" else v) for n, v in pairs]

        other = {"svix": "webhook", "webhook": "svix"}[p]
        c(f"headers-of-{other}-family", "OtherSender HeaderMissing", f"{other}-* headers, all right but for the name", "header_missing", headers=[(n.replace(p, other), v) for n, v in pairs])
        c("headers-mixed-families", "OtherSender HeaderMissing", f"the signature under {other}-*, the rest under {p}-*", "header_missing", headers=[(f"{other}-signature", good), *pairs[1:]])
        c("headers-both-families", "OtherSender", f"{other}-* headers beside the right ones are not read", add=[(f"{other}-signature", wrong), (f"{other}-timestamp", "1"), (f"{other}-id", "x")])
        c("signature-repeated-different", "HeaderRepeated", "two signature headers; the first is right", "header_conflict", headers=[*pairs, (f"{p}-signature", wrong)])
        c("signature-repeated-different-last", "HeaderRepeated", "two signature headers; the last is right", "header_conflict", headers=[(f"{p}-signature", wrong), *pairs])
        c("signature-joined-different", "HeaderRepeated", "two signature headers joined by a proxy", "header_conflict", headers=but("signature", f"{good}, {wrong}"))
        c("signature-joined-same", "HeaderRepeated", "one signature header twice, joined by a proxy", headers=but("signature", f"{good}, {good}"))
        c("id-repeated-different", "HeaderRepeated SignedId", "two ids; the first is the signed one", "header_conflict", headers=[*pairs, (f"{p}-id", "msg_other")])
        c("id-repeated-different-last", "HeaderRepeated SignedId", "two ids; the last is the signed one", "header_conflict", headers=[(f"{p}-id", "msg_other"), *pairs])
        c("id-joined-different", "HeaderRepeated SignedId", "two ids joined by a proxy; the MAC covers the joined text", "header_conflict", ident=f"{self.header_id}, msg_other")
        c("id-joined-same", "HeaderRepeated SignedId", "one id twice, joined by a proxy", headers=but("id", f"{self.header_id}, {self.header_id}"))
        c("id-other", "SignatureWrong SignedId", "another id than the signed one", "signature_mismatch", headers=but("id", "msg_other"))
        c("id-other-case", "SignedId", "the id in lower case is another id", "signature_mismatch", headers=but("id", self.header_id.lower()))
        c("id-empty", "SignedId", "an empty id; the MAC over it is right", f, headers=self.headers("v1," + b64(mac(self.key(self.secret), f".{SENT}.{self.body}")), str(SENT), ""))
        c("id-with-dot", "SignedId", "a dot makes the signed content ambiguous", f, ident="msg_1.2")
        c("id-only-dot", "SignedId", "nothing but a dot", f, ident=".")
        moved = "v1," + b64(mac(self.key(self.secret), f"msg_1.{SENT - 600}.{SENT}.{self.body}"))
        c("id-moved-dot", "SignedId", "signed as id msg_1 at another second with a longer body: same bytes, cut at another dot", f, headers=self.headers(moved, str(SENT), f"msg_1.{SENT - 600}"))
        c("id-any-text", "SignedId", "an id is opaque", ident="evt:1/~-_+=[x]")
        for n in (256, 257):
            c(f"replay-key-id-{n}", "ReplayKey", f"an id of {n} bytes", ident="m" * n)
        c("scope", "ReplayKey", "keys of its own for a tenant", options={"scope": "tenant 7"})
        c("body-id-ignored", "Envelope ReplayKey", "an id in the body is not the message id", body='{"id":"evt_1","type":"user.created","timestamp":"2025-12-31T23:59:50Z","data":{}}', type="user.created")
        c("order-timestamp-before-id", "HeaderOrder", "timestamp missing and id malformed", "header_missing", headers=[pairs[0], (f"{p}-id", "")])
        c("order-timestamp-malformed-id-missing", "HeaderOrder", "timestamp malformed and id missing", f, headers=[pairs[0], (f"{p}-timestamp", "soon")])
        c("order-signature-malformed-all-missing", "HeaderOrder", "signature malformed, the rest missing", f, headers=[(f"{p}-signature", "v1")])
        c("order-signature-missing", "HeaderOrder HeaderMissing", "signature missing, the rest malformed", "header_missing", headers=[(f"{p}-timestamp", "soon"), (f"{p}-id", "")])
        c("order-id-before-mac", "HeaderOrder", "signature wrong and id malformed", f, headers=self.headers(wrong, str(SENT), ""))
        c("list-two-spaces", "SignatureList", "two spaces between the items", value=f"{wrong}  {good}")
        c("list-joined-by-comma", "SignatureList SignatureMalformed", "commas between the items, no space: one malformed item", f, value=f"{good},{wrong}")
        c("no-version", "SignatureMalformed", "a bare MAC", f, value=good[3:])
        c("version-equals", "SignatureMalformed", "v1= is another scheme's form", f, value="v1=" + good[3:])
        c("version-only", "SignatureMalformed", "v1 without a comma", f, value="v1")
        c("version-wrong-label", "Vendor SignatureList", "resend-python takes any label: x,<right MAC>", f, value="x," + good[3:])
        # keys
        c("secret-without-prefix", "KeyFormat", "whsec_ is optional", secret=WHSEC[6:])
        signed = self.content(raw(self.body), str(SENT), self.header_id)
        for n, comment, secret in [("two", "two characters hold one byte and four bits more, which are not zero", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBr"), ("three", "three characters hold two bytes and two bits more, which are not zero", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaR"),
                                   ("padded", "the same with padding", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBr==")]:
            kb = base64.b64decode(secret.removeprefix("whsec_").rstrip("=") + "==")
            c(f"secret-trailing-bits-{n}", "KeyFormat", comment, secret=secret, text=b64(mac(kb, signed)))
        two = f"v1,{WHSEC}|v1,{WHSEC_2}"
        c("secret-supabase", "KeyFormat", "v1, before it, as Supabase shows it", secret=f"v1,{WHSEC}", text=b64(mac(self.key(WHSEC), signed)))
        c("secret-supabase-list-first", "KeyFormat Keyring", "several joined by |: the first", secret=two, text=b64(mac(self.key(WHSEC), signed)))
        c("secret-supabase-list-second", "KeyFormat Keyring", "several joined by |: the second", secret=two, text=b64(mac(self.key(WHSEC_2), signed)))
        c("secret-supabase-list-none", "KeyFormat Keyring", "several joined by |: another one", "signature_mismatch", secret=two, text=b64(mac(self.key(WHSEC_3), signed)))
        c("secret-supabase-list-plain", "KeyFormat Keyring", "the same without v1,", secret=f"{WHSEC}|{WHSEC_2}", text=b64(mac(self.key(WHSEC_2), signed)))
        c("secret-supabase-list-in-ring", "KeyFormat Keyring", "a list in a ring: the key has the name of its secret", secrets=[("list", two), ("other", WHSEC_3)], text=b64(mac(self.key(WHSEC_3), signed)), key="other")
        c("secret-supabase-list-in-ring-second", "KeyFormat Keyring", "the second of a list in a ring", secrets=[("other", WHSEC_3), ("list", two)], text=b64(mac(self.key(WHSEC_2), signed)), key="list")
        for n, secret in [("end", f"v1,{WHSEC}|"), ("middle", f"v1,{WHSEC}||v1,{WHSEC_2}")]:
            c(f"secret-supabase-list-empty-{n}", "KeyFormat SecretLint", "an empty place in the list", "secret_empty", secret=secret, text=b64(mac(self.key(WHSEC), signed)))
        c("secret-32-bytes", "KeyFormat", "a padded base64 key", secret=WHSEC_3)
        c("secret-as-text", "KeyFormat", "signed with the secret as text, not decoded", "signature_mismatch", text=b64(mac(WHSEC, self.content(raw(self.body), SENT, self.header_id))))
        c("secret-text-after-prefix", "KeyFormat", "signed with the text after whsec_, not decoded", "signature_mismatch", text=b64(mac(WHSEC[6:], self.content(raw(self.body), SENT, self.header_id))))
        g = {"text": b64(self.digest(self.body))}
        for name, code, comment, secret in [
            ("prefix-only", "secret_empty", "whsec_ and nothing after it", "whsec_"), ("prefix-and-space", "secret_not_decodable", "whsec_ and a space", "whsec_ "),
            ("not-base64", "secret_not_decodable", "characters that are not base64", "whsec_not*base64!"), ("base64url", "secret_not_decodable", "the URL alphabet", "whsec_-_-_MfKQ9r8GKYqrTwjUPD8ILPZIo2La"),
            ("space-inside", "secret_not_decodable", "a space inside", "whsec_MfKQ9r8GKYqrTwj UPD8ILPZIo2LaLaSw"), ("newline-inside", "secret_not_decodable", "a line break inside", "whsec_MfKQ9r8GKYqrTwj\nUPD8ILPZIo2LaLaSw"),
            ("one-character", "secret_not_decodable", "one base64 character holds no byte", "whsec_A"), ("not-ascii", "secret_not_decodable", "text that is not ASCII", "whsec_p\u00e4ssw\u00f6rd"),
        ]:
            c(f"secret-{name}", "SecretLint", comment, code, secret=secret, **g)
        # payload
        for name, what, comment, body in [
            ("number", "a number", "a type that is no string names nothing", '{"type":5,"timestamp":"2025-12-31T23:59:50Z","data":{}}'),
            ("nested", "nothing", "a type further in is not the event's", '{"data":{"type":"user.created"}}'), ("empty-object", "nothing", "no type at all", "{}"),
        ]:
            more = {"payload": "valid", "read": json.loads(body)} if self.any_json else {"payload": "invalid", "difference": f"type: {what} {NOT}"}
            c(f"type-{name}", "Envelope", comment, body=body, **more)

    def applications(self):
        """The specification recommends fields and requires none, so that applications differ."""
        for name, body, type_, comment in [
            ("clerk", {"data": {"id": "user_x", "object": "user"}, "instance_id": "ins_x", "object": "event", "timestamp": 1700000000000, "type": "user.created"}, "user.created", "Clerk: milliseconds as a number in timestamp"),
            ("supabase", {"user": {"id": "u"}, "email_data": {"token": "1"}}, None, "Supabase's auth hooks: neither type nor data"), ("replicate", {"id": "p1", "status": "succeeded", "output": None}, None, "Replicate: the prediction itself"),
            ("timestamp-object", {"type": "a.b", "timestamp": {"seconds": 1}, "data": 7}, "a.b", "any form of timestamp and data"), ("no-data", {"type": "a.b"}, "a.b", "nothing but a type"),
        ]:
            self.case(f"payload-{name}", "PayloadDiffers", comment, body=json.dumps(body), type=type_, payload="valid", read=body, left=[])

    def ed25519(self):
        c, f = self.case, "header_malformed"
        pub = "whpk_" + b64(PUBLIC)
        message = self.content(raw(self.body), str(SENT), self.header_id)
        sig = SIGNER.sign(message)
        one = {"secret": pub}
        c("ed25519", "Ed25519 Valid", "the plain case", value="v1a," + b64(sig), **one, source="python cryptography")
        ed = {"source": "python cryptography", "flags": "Ed25519"}

        def e(id, comment, result="valid", *, value, secret=pub, flags="Ed25519", **more):
            c(f"ed25519-{id}", flags, comment, result, value=value, source="python cryptography", **({} if "secrets" in more else {"secret": secret}), **more)

        e("unpadded", "base64 without its padding", value="v1a," + b64(sig).rstrip("="))
        e("secret-key", "whsk_ holds the public half and verifies too", value="v1a," + b64(sig), secret=WHSK)
        e("body-changed", "another body", "signature_mismatch", value="v1a," + b64(sig), body=self.body + " ", flags="Ed25519 BodyTampered")
        e("other-key", "signed by another key", "signature_mismatch", value="v1a," + b64(OTHER_SIGNER.sign(message)))
        e("first-bit", "first bit flipped", "signature_mismatch", value="v1a," + b64(bytes([sig[0] ^ 1]) + sig[1:]))
        e("last-bit-of-r", "a bit of R flipped", "signature_mismatch", value="v1a," + b64(sig[:31] + bytes([sig[31] ^ 128]) + sig[32:]))
        e("s-plus-order", "S + L: the second signature of a malleable check", "signature_mismatch", value="v1a," + b64(sig[:32] + (int.from_bytes(sig[32:], "little") + ED_ORDER).to_bytes(32, "little")))
        e("zero", "64 zero bytes", "signature_mismatch", value="v1a," + b64(bytes(64)))
        e("short", "63 bytes", f, value="v1a," + b64(sig[:63]))
        e("long", "65 bytes", f, value="v1a," + b64(sig + b"\0"))
        e("under-v1", "the right signature under v1", f, value="v1," + b64(sig))
        e("upper-case-version", "V1A is another version", f, value="V1A," + b64(sig), flags="Ed25519 SignatureCase")
        e("hex", "hex where base64 belongs", f, value="v1a," + sig.hex())
        hm = self.sign(self.body)
        e("only-v1", "only an HMAC while we hold a public key", f, value=hm, flags="Ed25519 Downgrade")
        e("v1-under-public-key", "HMAC keyed with the public key: the classic confusion", f, value="v1," + b64(mac(PUBLIC, message)), flags="Ed25519 Downgrade")
        e("v1-under-public-text", "HMAC keyed with the public key's text", f, value="v1," + b64(mac(pub, message)), flags="Ed25519 Downgrade")
        e("beside-v1", "v1 and v1a in one header", value=f"{hm} v1a,{b64(sig)}")
        e("beside-wrong-v1", "a wrong v1 is skipped", value=f"v1,{b64(bytes(32))} v1a,{b64(sig)}")
        e("second-of-two", "two v1a, the second is right", value=f"v1a,{b64(OTHER_SIGNER.sign(message))} v1a,{b64(sig)}", flags="Ed25519 SignatureList")
        e("only-v1a", "only v1a while we hold an HMAC secret", f, value="v1a," + b64(sig), secret=WHSEC)
        e("wrong-beside-right-v1", "a wrong v1a is skipped by an HMAC secret", value=f"v1a,{b64(bytes(64))} {hm}", secret=WHSEC)
        other = "whpk_" + b64(OTHER_SIGNER.public_key().public_bytes_raw())
        e("keyring-second", "two public keys", value="v1a," + b64(sig), secrets=[("new", other), ("old", pub)], key="old", flags="Ed25519 Keyring")
        e("keyring-mixed-ed25519", "an HMAC secret and a public key; v1a arrives", value="v1a," + b64(sig), secrets=[("hmac", WHSEC), ("ed", pub)], key="ed", flags="Ed25519 Keyring")
        e("keyring-mixed-hmac", "an HMAC secret and a public key; v1 arrives", value=hm, secrets=[("ed", pub), ("hmac", WHSEC)], key="hmac", flags="Ed25519 Keyring")
        e("key-expired", "an expired public key", "secret_expired", value="v1a," + b64(sig), secrets=[("ed", pub, NOW - 1)], flags="Ed25519 KeyExpired")
        e("stale", "right and 301 s old", "timestamp_too_old", value="v1a," + b64(SIGNER.sign(self.content(raw(self.body), str(NOW - 301), self.header_id))), ts=NOW - 301, flags="Ed25519 TimestampStale")
        for name, comment, secret in [("31-bytes", "31 bytes", "whpk_" + b64(PUBLIC[:31])), ("33-bytes", "33 bytes", "whpk_" + b64(PUBLIC + b"\0")), ("not-base64", "not base64", "whpk_" + "*" * 44), ("hex", "hex after whpk_", "whpk_" + PUBLIC.hex())]:
            e(f"secret-{name}", f"a public key of {comment}" if "bytes" in name else comment, "secret_not_decodable", value="v1a," + b64(sig), secret=secret, flags="Ed25519 SecretLint")
        e("secret-empty", "whpk_ and nothing after it", "secret_empty", value="v1a," + b64(sig), secret="whpk_", flags="Ed25519 SecretLint")


class Svix(SvixLike):
    prefix, any_json = "svix", True

    def make(self):
        self.applications()
        self.start("peer-002", "sdk-known-answer", "Vendor", time=1614265330, event={"id": self.header_id})
        self.shared()
        self.ed25519()
        self.names(signature=("svix-signature", "x-sig"), timestamp=("svix-timestamp", "x-ts"), id=("svix-id", "x-id"))


class StandardWebhooks(SvixLike):
    any_json = True

    def make(self):
        self.applications()
        s, id_ = self.start, {"id": self.header_id}
        s("peer-000", "sdk-known-answer", "Vendor", time=1614265330, event=id_)
        s("peer-003", "sdk-signature-last-character", "Vendor SignatureWrong", result="signature_mismatch")
        s("peer-008", "sdk-rotation-list", "Vendor SignatureList", time=1614265330, event=id_)
        s("peer-011", "sdk-too-old", "Vendor TimestampStale", result="timestamp_too_old")
        s("peer-012", "sdk-too-new", "Vendor TimestampFuture", result="timestamp_too_new")
        s("peer-018", "sdk-signature-missing", "Vendor HeaderMissing", result="header_missing")
        s("peer-019", "sdk-known-answer-rust", "Vendor", time=1649367553, event={"id": "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"})
        s("peer-037", "sdk-known-answer-ed25519", "Vendor Ed25519", time=1614265330, event=id_)
        s("peer-037", "sdk-known-answer-ed25519-secret-key", "Vendor Ed25519", "the same with the published whsk_", secret=WHSK, time=1614265330, event=id_)
        self.case("sdk-leading-zero", "TimestampAsReceived", "the known answer's second with a zero before it", "header_malformed", ts="01614265330", now=1614265330)
        self.shared()
        self.ed25519()
        self.names(signature=("webhook-signature", "x-sig"), timestamp=("webhook-timestamp", "x-ts"), id=("webhook-id", "x-id"))


class Resend(SvixLike):
    prefix = "svix"
    hmac_only = True
    body = '{"type":"email.delivered","created_at":"2025-12-31T23:59:50.000Z","data":{"email_id":"56761188-7520-42d8-8898-ff6fc54ce618","created_at":"2025-12-31T23:59:00.000Z","from":"Ops <ops@example.com>","to":["zoe@example.com"],"subject":"Trip"}}'
    type = "email.delivered"

    def make(self):
        c = self.case
        self.start("wire-09", "wire-bounced", "EventType SignatureList", time=1614265330, event={"id": "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj", "type": "email.bounced"}, payload="valid")
        self.shared()
        self.names(signature=("svix-signature", "x-sig"), timestamp=("svix-timestamp", "x-ts"), id=("svix-id", "x-id"))
        message = self.content(raw(self.body), str(SENT), self.header_id)
        c("ed25519-only", "Downgrade Ed25519", "Resend has no v1a", "header_malformed", value="v1a," + b64(SIGNER.sign(message)), source="python cryptography")
        for key in ("re_123456789", "re_AbCdEfGh_1234567890abcdefghijk"):
            c("secret-api-key-" + slug(key), "SecretLint", "an API key where the signing secret belongs", "secret_wrong_kind", secret=key, text=b64(self.digest(self.body)))
        for n, body in enumerate(EVENTS["resend"]):
            name = slug(body["type"]) + ("-string-diagnostic" if n == 6 else "")
            unknown = body["type"] in ("email.teleported", "inbox.thread.created")
            c(f"event-{name}", "UnknownEvent" if unknown else "EventType", body["type"], body=json.dumps(body, ensure_ascii=False, separators=(",", ":")), type=body["type"], payload="valid")
        base = json.loads(self.body)
        for name, body, type_, difference in [
            ("no-type", {k: v for k, v in base.items() if k != "type"}, None, f"type: nothing {NOT}"), ("type-null", {**base, "type": None}, None, f"type: null {NOT}"), ("type-list", {**base, "type": ["email.sent"]}, None, f"type: a list {NOT}"),
            ("no-data", {k: v for k, v in base.items() if k != "data"}, "email.delivered", "data: nothing where an object belongs"), ("data-string", {**base, "data": "x"}, "email.delivered", "data: a text where an object belongs"),
        ]:
            c(f"payload-{name}", "Envelope PayloadInvalid", name.replace("-", " "), body=json.dumps(body), type=type_, payload="invalid", difference=difference)
        bounce = {"message": "m", "type": "Permanent", "subType": "General"}
        for name, body, left in [
            ("created-at-number", {**base, "created_at": 1767225590}, [f"created_at: a number {NOT}"]), ("no-created-at", {k: v for k, v in base.items() if k != "created_at"}, []),
            ("data-empty", {**base, "data": {}}, []), ("no-data-created-at", {**base, "data": {k: v for k, v in base["data"].items() if k != "created_at"}}, []),
            ("subject-null", {**base, "data": {**base["data"], "subject": None}}, []), ("subject-number", {**base, "data": {**base["data"], "subject": 5}}, [f"data.subject: a number {NOT}"]),
            ("headers-object", {**base, "data": {**base["data"], "headers": {"X-Entity-Ref-ID": "1"}}}, []), ("tags-list", {**base, "data": {**base["data"], "tags": [{"name": "category", "value": "a"}]}}, []),
            ("to-text", {**base, "data": {**base["data"], "to": "zoe@example.com"}}, ["data.to: a text where a list belongs"]), ("to-number", {**base, "data": {**base["data"], "to": ["zoe@example.com", 5]}}, [f"data.to[1]: a number {NOT}"]),
            ("opened", {**base, "type": "email.opened", "data": {**base["data"], "open": {"ipAddress": "122.115.53.11", "timestamp": "2024-11-24T05:00:57.163Z", "userAgent": "Mozilla/5.0"}}}, []),
            ("opened-by-text", {**base, "type": "email.opened", "data": {**base["data"], "open": "yes"}}, ["data.open: a text where an object belongs"]),
            ("clicked-no-user-agent", {**base, "type": "email.clicked", "data": {**base["data"], "click": {"link": "https://example.com/", "ipAddress": "122.115.53.11"}}}, []), ("clicked-without-click", {**base, "type": "email.clicked"}, []),
            ("bounced-no-subtype", {**base, "type": "email.bounced", "data": {**base["data"], "bounce": {k: v for k, v in bounce.items() if k != "subType"}}}, []),
            ("bounced-type-number", {**base, "type": "email.bounced", "data": {**base["data"], "bounce": {**bounce, "type": 5}}}, [f"data.bounce.type: a number {NOT}"]),
        ]:
            c(f"payload-{name}", "PayloadDiffers", name.replace("-", " "), body=json.dumps(body), type=body["type"], payload="valid", left=left)


class PlanDocket(Sender):
    is_list = True
    secret, other_secret, third_secret = "your_webhook_secret", "your_other_secret", "your_third_secret"
    body = '{"event":"invoice.paid","id":"evt_1","data":{"invoice_id":77}}'
    type, body_id, payload = "invoice.paid", "evt_1", "valid"
    unknown_token = "v0=" + "6f" * 32
    names_ = "X-Webhook-Signature", "X-Webhook-Timestamp"
    id_first, id_second = "id", "event_id"

    def token(self, text):
        return "v1=" + text

    def value(self, tokens, ts):
        return ",".join(tokens)

    def headers(self, value, ts, ident):
        return [(self.names_[0], value), (self.names_[1], ts)]

    def shared(self):
        c, f = self.case, "header_malformed"
        sig, time = self.names_
        self.common()
        self.timestamp_header(time)
        self.text_keys()
        self.names(signature=(sig, "X-Custom-Signature"), timestamp=(time, "X-Custom-Timestamp"))
        good = self.sign(self.body)
        wrong = "v1=" + "00" * 32
        c("prefix-missing", "SignatureMalformed", "bare hex", f, value=good[3:])
        c("prefix-upper-case", "SignatureCase", "V1 is not v1", f, value="V1=" + good[3:])
        c("prefix-sha256", "SignatureMalformed", "another scheme's prefix", f, value="sha256=" + good[3:])
        c("list-spaces", "SignatureList", "a space between the items", value=f"{wrong} {good}")
        c("list-comma-space", "SignatureList HeaderRepeated", "comma and space between the items: two values joined by a proxy are a list", value=f"{wrong}, {good}")
        c("list-many-separators", "SignatureList", "stray separators", value=f", {wrong} ,, {good} ,")
        c("list-separators-only", "SignatureList SignatureMalformed", "separators and nothing else", f, value=", ,")
        c("list-semicolon", "SignatureMalformed", "another separator", f, value=f"{wrong};{good}")
        c("signature-joined-same", "HeaderRepeated", "one header twice, joined by a proxy", value=f"{good}, {good}")
        c("signature-repeated-different", "HeaderRepeated", "two header lines with different values; the first is right", "header_conflict", headers=[(sig, good), (sig, wrong), (time, str(SENT))])
        c("signature-repeated-different-last", "HeaderRepeated", "two header lines with different values; the last is right", "header_conflict", headers=[(sig, wrong), (sig, good), (time, str(SENT))])

    def envelope(self):
        c, a, b = self.case, self.id_first, self.id_second
        for body in EVENTS[self.provider]:
            unknown = body["event"] in ("lighthouse.lit", "policy.changed")
            id_ = body.get("event_id") or body.get("id")
            c("event-" + slug(body["event"]), "UnknownEvent" if unknown else "EventType", body["event"], body=json.dumps(body, separators=(",", ":")), type=body["event"], body_id=id_, payload="valid")
        for name, body, type_, id_, comment in [
            ("type", {"type": "invoice.paid", "id": "evt_1", "data": {}}, "invoice.paid", "evt_1", "type where event is missing"),
            ("event-before-type", {"type": "t", "event": "e", "id": "i", "data": {}}, "e", "i", "event is asked before type"),
            ("event-number", {"type": "t", "event": 5, "id": "i", "data": {}}, "t", "i", "an event that is no string gives way to type"),
            ("id-" + slug(a), {"event": "e", a: "first", b: "second", "data": {}}, "e", "first", f"{a} is asked before {b}"),
            ("id-" + slug(b), {"event": "e", b: "second", "data": {}}, "e", "second", f"{b} where {a} is missing"),
            ("id-number", {"event": "e", a: 7, b: "second", "data": {}}, "e", "second", f"an {a} that is no string gives way to {b}"),
            ("id-none", {"event": "e", "data": {}}, "e", None, "no id: the replay key is the body's"),
            ("none", {"hello": "world"}, None, None, "neither event nor id"),
            ("nested", {"data": {"event": "e", "id": "i"}}, None, None, "names further in are not the event's"),
        ]:
            c(f"envelope-{name}", "Envelope ReplayKey", comment, body=json.dumps(body, separators=(",", ":")), type=type_, body_id=id_)

    def make(self):
        self.start("wire-13", "wire-guide", "Vendor", "the scheme of docs.plandocket.com's webhooks-setup guide", time=1704067200, event={"type": "invoice.paid"})
        self.shared()
        self.envelope()
        self.case("planeconnection-in-same-header", "OtherSender SignatureMalformed", "PlaneConnection uses the same header names with sha256= and ISO 8601", "header_malformed",
                  headers=[("X-Webhook-Signature", "sha256=" + mac(self.secret, self.body).hex()), ("X-Webhook-Timestamp", "2025-12-31T23:59:50Z")])


class Planasonix(PlanDocket):
    secret, other_secret, third_secret = "whsec_01jq8secretxxxxxxxxxxxxxxxx", "whsec_01jq8otherxxxxxxxxxxxxxxxxx", "whsec_01jq8thirdxxxxxxxxxxxxxxxxx"
    body = '{"event_id":"evt_1","event":"job.succeeded","data":{"job_id":"job_1"}}'
    type, body_id = "job.succeeded", "evt_1"
    names_ = "X-Planasonix-Signature", "X-Planasonix-Timestamp"
    future = 60
    id_first, id_second = "event_id", "id"

    def content(self, body, ts, ident):
        return wire(f"{ts}.") + body if body else wire(ts)

    def make(self):
        c, s, f = self.case, self.start, "header_malformed"
        order = {"type": "order.created"}
        s("wire-15", "wire-timestamp-and-body", "Vendor EventType", "the scheme of docs.planasonix.com orchestration/webhook-hmac", time=1712345678, event=order)
        s("wire-16", "wire-empty-body", "Vendor BodyEmpty", "the same page: an empty body signs the timestamp alone", time=1712345678, payload="invalid")
        s("wire-18", "wire-body-only-by-default", "Vendor Downgrade", "the raw-body MAC of the Orchestration page is not taken by default", f)
        s("wire-18", "wire-body-only-chosen", "Vendor Dialect UnsignedTimestamp", time=1712345678, event={**order, "time_signed": False}, options={"dialect": "body-only"})
        self.shared()
        self.envelope()
        c("empty-body-with-dot", "BodyEmpty", "an empty body signs the timestamp alone, without the dot", "signature_mismatch", body="", text=mac(self.secret, f"{SENT}.").hex())
        c("empty-body-signature-on-body", "BodyEmpty", "the empty body's MAC with a body", "signature_mismatch", text=mac(self.secret, str(SENT)).hex())
        # body-only
        t = self.names_[1]
        hexed = mac(self.secret, self.body).hex()
        opt = {"dialect": "body-only"}

        def b(id, comment, result="valid", *, value="v1=" + hexed, ts=str(SENT), flags="Dialect", time=SENT, **more):
            headers = [(self.names_[0], value)] + ([(t, ts)] if ts is not None else [])
            more["options"] = opt | more.get("options", {})
            c(f"body-only-{id}", flags, comment, result, headers=headers, time=time if ts is not None else None, event={"time_signed": False}, **more)

        b("prefixed", "v1= is optional here")
        b("bare", "bare hex", value=hexed)
        b("upper-case", "upper-case hex", value=hexed.upper(), flags="Dialect SignatureCase")
        b("no-timestamp", "the timestamp is optional here", ts=None)
        b("empty-body", "the MAC of the empty body", value=mac(self.secret, "").hex(), body="", payload="invalid")
        b("timestamp-past-edge", "300 s old by an unsigned clock", ts=str(NOW - 300), time=NOW - 300, flags="Dialect UnsignedTimestamp TimestampEdge")
        b("timestamp-past-beyond", "301 s old by an unsigned clock", "timestamp_too_old", ts=str(NOW - 301), flags="Dialect UnsignedTimestamp TimestampEdge")
        b("timestamp-future-edge", "60 s ahead", ts=str(NOW + 60), time=NOW + 60, flags="Dialect UnsignedTimestamp TimestampEdge")
        b("timestamp-future-beyond", "61 s ahead", "timestamp_too_new", ts=str(NOW + 61), flags="Dialect UnsignedTimestamp TimestampEdge")
        b("timestamp-off", "window off", ts="1", time=1, options={"tolerance": {"past": None, "future": 60}}, flags="Dialect Tolerance")
        b("timestamp-malformed", "optional does not mean any text", f, ts="soon", flags="Dialect TimestampFormat")
        b("wrong", "a wrong MAC", "signature_mismatch", value="v1=" + "00" * 32)
        b("timestamped-mac", "the MAC of timestamp.body is not taken in this dialect", "signature_mismatch", value="v1=" + self.digest(self.body).hex())
        b("not-hex", "not hex", f, value="v1=zz")
        c("body-only-missing", "Dialect HeaderMissing", "no signature", "header_missing", headers=[(t, str(SENT))], options=opt)
        # ed25519
        message = self.content(raw(self.body), str(SENT), None)
        sig = SIGNER.sign(message)
        spki = bytes.fromhex("302a300506032b6570032100") + PUBLIC
        pem = f"-----BEGIN PUBLIC KEY-----\n{b64(spki)}\n-----END PUBLIC KEY-----"

        def e(id, comment, result="valid", *, value="v1=" + sig.hex(), secret=PUBLIC.hex(), flags="Ed25519 Dialect", **more):
            c(f"ed25519-{id}", flags, comment, result, value=value, options={"dialect": "ed25519"}, source="python cryptography", **({} if "secrets" in more else {"secret": secret}), **more)

        e("key-hex", "public key in hex")
        e("key-hex-upper-case", "public key in upper-case hex", secret=PUBLIC.hex().upper())
        e("key-base64", "public key in base64", secret=b64(PUBLIC))
        e("key-whpk", "public key after whpk_", secret="whpk_" + b64(PUBLIC))
        e("key-pem", "public key as PEM", secret=pem)
        e("signature-bare-hex", "v1= is optional", value=sig.hex())
        e("signature-upper-case", "upper-case hex", value=sig.hex().upper(), flags="Ed25519 SignatureCase")
        e("signature-base64", "base64 after v1=", value="v1=" + b64(sig))
        e("signature-bare-base64", "base64 alone", value=b64(sig))
        e("signature-base64-unpadded", "base64 without its padding", value="v1=" + b64(sig).rstrip("="))
        e("body-changed", "another body", "signature_mismatch", body=self.body + "\n", flags="Ed25519 BodyTampered")
        e("other-key", "signed by another key", "signature_mismatch", value=OTHER_SIGNER.sign(message).hex())
        e("body-alone", "a signature over the body alone", "signature_mismatch", value=SIGNER.sign(raw(self.body)).hex(), flags="Ed25519 Downgrade")
        e("s-plus-order", "S + L", "signature_mismatch", value=(sig[:32] + (int.from_bytes(sig[32:], "little") + ED_ORDER).to_bytes(32, "little")).hex())
        e("short", "63 bytes", f, value="v1=" + sig[:63].hex())
        e("hmac-under-public-key", "HMAC keyed with the public key", f, value="v1=" + mac(PUBLIC, message).hex(), flags="Ed25519 Downgrade")
        e("no-timestamp", "the timestamp is required", "header_missing", headers=[(self.names_[0], "v1=" + sig.hex())], flags="Ed25519 HeaderMissing")
        e("stale", "right and 301 s old", "timestamp_too_old", ts=NOW - 301, value=SIGNER.sign(raw(f"{NOW - 301}.{self.body}")).hex(), flags="Ed25519 TimestampStale")
        e("keyring-second", "two public keys", secrets=[("new", OTHER_SIGNER.public_key().public_bytes_raw().hex()), ("old", PUBLIC.hex())], key="old", flags="Ed25519 Keyring")
        e("secret-31-bytes", "62 hex digits", "secret_not_decodable", secret=PUBLIC[:31].hex(), flags="Ed25519 SecretLint")
        e("secret-text", "text that is no key", "secret_not_decodable", secret="not a public key", flags="Ed25519 SecretLint")
        e("secret-empty", "an unset variable", "secret_empty", secret="", flags="Ed25519 SecretLint")


class PlaneConnection(Sender):
    timed = False
    secret, other_secret, third_secret = "whsec_your_signing_secret", "whsec_your_other_secret", "whsec_your_third_secret"
    body = '{"id":"evt_1","type":"trip.created","workspace_id":"ws_skyline","timestamp":"2025-12-31T23:59:50Z","data":{"trip_id":"trip_abc123"}}'
    type, body_id, payload = "trip.created", "evt_1", "valid"
    API, SETTINGS, TIME = "X-Webhook-Signature", "X-PlaneConnection-Signature", "X-Webhook-Timestamp"

    def token(self, text):
        return "sha256=" + text

    def headers(self, value, ts, ident):
        return [(self.API, value)]

    def make(self):
        c, s, f = self.case, self.start, "header_malformed"
        trip = {"type": "trip.created", "id": "evt_trip_001"}
        s("wire-10", "wire-api", "Vendor EventType", now=1774362605, time=1774362600, event=trip, payload="valid")
        s("wire-11", "wire-settings", "Vendor Dialect EventType", event=trip, payload="valid")
        self.common()
        self.single_value(self.API)
        self.text_keys()
        g = self.encode(self.digest(self.body))
        api, wrong = (self.API, "sha256=" + g), "00" * 32
        c("api-prefix-missing", "Dialect SignatureMalformed", "bare hex in the API header", f, value=g)
        c("api-prefix-upper-case", "Dialect SignatureCase", "the prefix is exact", f, value="SHA256=" + g)
        c("api-prefix-v1", "Dialect SignatureMalformed", "PlanDocket's prefix", f, value="v1=" + g)
        st = self.SETTINGS

        def d(id, comment, result="valid", *, headers, flags="Dialect", **more):
            c(id, flags, comment, result, headers=headers, **more)

        d("settings-bare", "bare hex", headers=[(st, g)])
        d("settings-prefixed", "sha256= is optional here", headers=[(st, "sha256=" + g)])
        d("settings-upper-case", "upper-case hex", headers=[(st, g.upper())], flags="Dialect SignatureCase")
        d("settings-prefix-upper-case", "the prefix is exact", f, headers=[(st, "SHA256=" + g)], flags="Dialect SignatureCase")
        d("settings-base64", "base64 is not guessed", f, headers=[(st, b64(self.digest(self.body)))], flags="Dialect SignatureEncoding")
        d("settings-empty", "the header is there and empty", f, headers=[(st, "")], flags="Dialect SignatureMalformed")
        d("settings-truncated", "62 hex digits", f, headers=[(st, g[:62])], flags="Dialect SignatureMalformed")
        d("settings-wrong", "a wrong MAC", "signature_mismatch", headers=[(st, wrong)], flags="Dialect SignatureWrong")
        d("settings-lower-case-name", "header name in lower case", headers=[(st.lower(), g)], flags="Dialect HeaderCase")
        d("settings-repeated-same", "twice, same value", headers=[(st, g), (st, g)], flags="Dialect HeaderRepeated")
        d("settings-repeated-different", "two values", "header_conflict", headers=[(st, g), (st, wrong)], flags="Dialect HeaderRepeated")
        d("settings-joined-different", "two values joined by a proxy", "header_conflict", headers=[(st, f"{g}, {wrong}")], flags="Dialect HeaderRepeated")
        d("settings-stale-timestamp", "this dialect has no timestamp; the header of the other is not read", headers=[(st, g), (self.TIME, "2020-01-01T00:00:00Z")], flags="Dialect UnsignedTimestamp")
        d("both-right", "both headers, both right", headers=[api, (st, g)])
        d("both-right-with-timestamp", "the timestamp is the API dialect's", headers=[(st, g), (self.TIME, "2025-12-31T23:59:50Z"), api], time=NOW - 10, flags="Dialect UnsignedTimestamp")
        d("both-api-wrong", "a right settings header does not hide a wrong API header", "signature_mismatch", headers=[(self.API, "sha256=" + wrong), (st, g)])
        d("both-settings-wrong", "a right API header does not hide a wrong settings header", "signature_mismatch", headers=[api, (st, wrong)])
        d("both-api-malformed", "a right settings header does not hide a malformed API header", f, headers=[(self.API, g), (st, g)])
        d("both-settings-malformed", "a right API header does not hide a malformed settings header", f, headers=[api, (st, "?")])
        d("both-settings-empty", "an empty header is present", f, headers=[api, (st, "")])
        d("both-stale", "both right, the API timestamp too old", "timestamp_too_old", headers=[api, (st, g), (self.TIME, "2025-12-30T23:59:59Z")], flags="Dialect UnsignedTimestamp")
        d("pin-api", "pinned to the API header", headers=[api], options={"dialect": "api"})
        d("pin-api-ignores-settings", "the other header is not read", headers=[api, (st, wrong)], options={"dialect": "api"})
        d("pin-api-missing", "only the other header", "header_missing", headers=[(st, g)], options={"dialect": "api"}, flags="Dialect HeaderMissing")
        d("pin-settings", "pinned to the settings header", headers=[(st, g)], options={"dialect": "settings"})
        d("pin-settings-ignores-api", "the other header is not read", headers=[(self.API, "?"), (st, g), (self.TIME, "never")], options={"dialect": "settings"})
        d("pin-settings-missing", "only the other header", "header_missing", headers=[api], options={"dialect": "settings"}, flags="Dialect HeaderMissing")
        d("header-name-configured", "another header name, set by hand", headers=[("X-Custom-Signature", "sha256=" + g)], options={"dialect": "api", "headers": {"signature": "X-Custom-Signature"}}, flags="Dialect HeaderName")
        d("header-name-default-ignored", "the default name is not read any more", "header_missing", headers=[api], options={"dialect": "api", "headers": {"signature": "X-Custom-Signature"}}, flags="Dialect HeaderName")
        # the unsigned timestamp
        u = "UnsignedTimestamp"

        def t(id, comment, text, time=None, result="valid", flags=u, **more):
            c(f"timestamp-{id}", flags, comment, result, headers=[api, (self.TIME, text)], time=time, **more)

        t("fresh", "10 s old", "2025-12-31T23:59:50Z", NOW - 10)
        t("past-edge", "24 h old: the last second", "2025-12-31T00:00:00Z", NOW - 86400, flags=u + " TimestampEdge")
        t("past-beyond", "24 h and a second", "2025-12-30T23:59:59Z", result="timestamp_too_old", flags=u + " TimestampEdge")
        t("future-edge", "300 s ahead: the last second", "2026-01-01T00:05:00Z", NOW + 300, flags=u + " TimestampEdge")
        t("future-beyond", "301 s ahead", "2026-01-01T00:05:01Z", result="timestamp_too_new", flags=u + " TimestampEdge")
        t("fraction", "a fraction counts as its whole second", "2025-12-31T23:59:50.999Z", NOW - 10, flags=u + " TimestampFormat")
        t("offset", "an offset", "2026-01-01T00:59:50+01:00", NOW - 10, flags=u + " TimestampFormat")
        t("offset-west", "an offset to the west over midnight", "2025-12-31T15:59:50-08:00", NOW - 10, flags=u + " TimestampFormat")
        t("offset-half-hour", "an offset of 5:45", "2026-01-01T05:44:50+05:45", NOW - 10, flags=u + " TimestampFormat")
        for name, text in BAD_ISO:
            t(f"bad-{name}", "not ISO 8601 with a zone", text, result=f, flags=u + " TimestampFormat")
        t("tolerance-strict", "300 s, set by hand", "2025-12-31T23:54:59Z", result="timestamp_too_old", options={"tolerance": {"past": 300, "future": 300}}, flags=u + " Tolerance")
        t("tolerance-off", "past off", "2020-01-01T00:00:00Z", 1577836800, options={"tolerance": {"past": None, "future": 300}}, flags=u + " Tolerance")
        c("timestamp-stale-and-wrong", u + " TimestampStale", "stale and wrongly signed", "signature_mismatch", headers=[(self.API, "sha256=" + wrong), (self.TIME, "2020-01-01T00:00:00Z")])
        c("timestamp-malformed-and-wrong", u + " HeaderOrder", "timestamp malformed and signature wrong", f, headers=[(self.API, "sha256=" + wrong), (self.TIME, "never")])
        c("timestamp-repeated-same", u + " HeaderRepeated", "twice, same value", headers=[api, (self.TIME, "2025-12-31T23:59:50Z"), (self.TIME, "2025-12-31T23:59:50Z")], time=NOW - 10)
        c("timestamp-repeated-different", u + " HeaderRepeated", "two values", "header_conflict", headers=[api, (self.TIME, "2025-12-31T23:59:50Z"), (self.TIME, "2025-12-31T23:59:51Z")])
        c("timestamp-joined-different", u + " HeaderRepeated", "two values joined by a proxy", "header_conflict", headers=[api, (self.TIME, "2025-12-31T23:59:50Z, 2025-12-31T23:59:51Z")])
        c("unsigned-headers-ignored", "Envelope ReplayKey", "X-Webhook-Event and X-Webhook-ID are outside the MAC", add=[("X-Webhook-Event", "trip.deleted"), ("X-Webhook-ID", "wh_abc123")])
        # names
        for body in EVENTS["planeconnection"]:
            c("event-" + slug(body["type"]), "UnknownEvent" if "brand_new" in body else "EventType", body["type"], body=json.dumps(body, ensure_ascii=False, separators=(",", ":")), type=body["type"], body_id=body["id"], payload="valid")
        base = json.loads(self.body)
        for name, body, type_, left, comment in [
            ("empty-object", {}, None, [], "no key of the envelope"), ("api-test", {"id": "flt_test", "departure": "KJFK", "arrival": "KLAX"}, None, [], "the API's test delivery carries any payload; its id is no event id"),
            ("no-type", {k: v for k, v in base.items() if k != "type"}, None, [], "no type"), ("type-number", {**base, "type": 5}, None, [f"type: a number {NOT}"], "type is a number"),
            ("no-id", {k: v for k, v in base.items() if k != "id"}, "trip.created", [], "no id"), ("id-number", {**base, "id": 5}, "trip.created", [f"id: a number {NOT}"], "id is a number"),
            ("no-data", {k: v for k, v in base.items() if k != "data"}, None, [], "no data"), ("data-list", {**base, "data": []}, "trip.created", ["data: a list where an object belongs"], "data is a list"),
            ("trip-id-number", {**base, "data": {"trip_id": 7}}, "trip.created", [f"data.trip_id: a number {NOT}"], "an id that is a number"),
        ]:
            id_ = "evt_1" if type_ and body.get("id") == "evt_1" else None
            c(f"payload-{name}", "PayloadDiffers", comment, body=json.dumps(body), type=type_, body_id=id_, payload="valid", left=left)


BAD_ISO = [
    ("unix", "1767225590"), ("unix-ms", "1767225590000"), ("no-zone", "2025-12-31T23:59:50"), ("date-only", "2025-12-31"), ("no-seconds", "2025-12-31T23:59Z"),
    ("month-13", "2025-13-01T00:00:00Z"), ("month-0", "2025-00-01T00:00:00Z"), ("day-0", "2025-12-00T00:00:00Z"), ("february-30", "2025-02-30T00:00:00Z"), ("february-29", "2025-02-29T00:00:00Z"),
    ("hour-24", "2025-12-31T24:00:00Z"), ("minute-60", "2025-12-31T23:60:00Z"), ("second-61", "2025-12-31T23:59:61Z"), ("empty-fraction", "2025-12-31T23:59:50.Z"),
    ("offset-no-colon", "2025-12-31T23:59:50+0000"), ("offset-hours", "2025-12-31T23:59:50+00"), ("offset-24", "2025-12-31T23:59:50+24:00"), ("named-zone", "2025-12-31T23:59:50 UTC"), ("rfc-2822", "31 Dec 2025 23:59:50 GMT"),
    ("trailing-text", "2025-12-31T23:59:50Zjunk"), ("text", "yesterday"), ("empty", ""), ("year-5", "12025-12-31T23:59:50Z"), ("sign", "+2025-12-31T23:59:50Z"), ("superscript", "2025-12-31T23:59:5\u00b2Z"), ("slashes", "2025/12/31T23:59:50Z"),
]


class Custom(File):
    """Schemes written as data. Nothing here has a provider: every case carries its scheme."""

    SECRET, OTHER = "8f742231b10e8888abcd99yyyzzz85a5", "another-secret"
    BODY = '{"kind":"order.paid","meta":{"id":"ord_1","type":"order.paid"}}'

    def make(self):
        S, B, f, bad = self.SECRET, self.BODY, "header_malformed", "signature_mismatch"

        def k(id, flags, comment, scheme, headers, result="valid", *, body=B, secret=S, event=None, **more):
            self.add(id, flags, comment, headers, body, result, scheme=scheme, secret=None if "secrets" in more else secret, event=event or {}, **more)

        def at(ts, **more):
            return {"event": {"timestamp": ts, "time_signed": True, **more}}

        # --- the body alone, hex
        plain = {"signature": {"header": "X-Sig", "encoding": "hex"}, "signed": "{body}", "key": "utf8"}
        g = mac(S, B).hex()
        k("plain", "Valid", "hex over the body", plain, [("X-Sig", g)])
        k("plain-upper-case", "SignatureCase", "upper-case hex", plain, [("X-Sig", g.upper())])
        k("plain-header-case", "HeaderCase", "another spelling of the name", plain, [("x-SIG", g)])
        k("plain-missing", "HeaderMissing", "no header", plain, [], "header_missing")
        k("plain-empty", "SignatureMalformed", "an empty value", plain, [("X-Sig", "")], f)
        k("plain-truncated", "SignatureMalformed", "62 digits", plain, [("X-Sig", g[:62])], f)
        k("plain-base64", "SignatureEncoding", "base64 where hex belongs", plain, [("X-Sig", b64(mac(S, B)))], f)
        k("plain-prefixed", "SignatureMalformed", "a prefix nobody configured", plain, [("X-Sig", "sha256=" + g)], f)
        k("plain-wrong", "SignatureWrong", "the MAC of another body", plain, [("X-Sig", mac(S, "x").hex())], bad)
        k("plain-repeated-same", "HeaderRepeated", "twice, same value", plain, [("X-Sig", g), ("X-Sig", g)])
        k("plain-repeated-different", "HeaderRepeated", "two values", plain, [("X-Sig", g), ("X-Sig", "00" * 32)], "header_conflict")
        k("plain-joined-same", "HeaderRepeated", "one value twice, joined by a proxy", plain, [("X-Sig", f"{g}, {g}")])
        k("plain-joined-different", "HeaderRepeated", "two values joined by a proxy", plain, [("X-Sig", f"{g}, {'00' * 32}")], "header_conflict")
        k("plain-no-list", "SignatureList", "no separator configured: two values are no list", plain, [("X-Sig", f"{'00' * 32} {g}")], f)
        k("plain-body-empty", "BodyEmpty", "an empty body", plain, [("X-Sig", mac(S, "").hex())], body="", payload="invalid")
        k("plain-body-not-utf8", "BodyBytes", "bytes that are no text", plain, [("X-Sig", mac(S, b"\xff\xfe").hex())], body=b"\xff\xfe", payload="invalid")
        k("plain-body-bom", "BodyBytes", "a BOM that the sender signed", plain, [("X-Sig", mac(S, BOM + raw(B)).hex())], body=BOM + raw(B))
        k("plain-body-array", "Envelope PayloadInvalid", "no envelope is described, so any JSON is a payload", plain, [("X-Sig", mac(S, "[1]").hex())], body="[1]", payload="valid")
        k("plain-body-1-mib", "BodyLarge", "1 MiB", plain, [("X-Sig", mac(S, b"0123456789abcdef" * 65536).hex())], body=Repeat("0123456789abcdef", 65536), payload="invalid")
        k("plain-body-bit-flipped", "BodyTampered", "one bit differs", plain, [("X-Sig", g)], bad, body="z" + B[1:])
        k("plain-body-newline-added", "BodyTampered", "a newline was appended", plain, [("X-Sig", g)], bad, body=B + "\n")
        k("plain-body-reserialized", "BodyReserialized", "same JSON, other spacing", plain, [("X-Sig", g)], bad, body=json.dumps(json.loads(B)))
        k("plain-stripe-headers-only", "OtherSender", "another sender's header", plain, [("Stripe-Signature", f"t={SENT},v1={g}")], "header_missing")
        k("plain-no-time", "TimestampStale", "a scheme without time is never stale", plain, [("X-Sig", g)], now=4102444800)
        # --- prefix, list
        prefixed = {"signature": {"header": "X-Sig", "prefix": "sha256=", "encoding": "hex"}, "signed": "{body}", "key": "utf8"}
        k("prefix", "Valid", "the prefix of GitHub", prefixed, [("X-Sig", "sha256=" + g)])
        k("prefix-missing", "SignatureMalformed", "bare hex", prefixed, [("X-Sig", g)], f)
        k("prefix-upper-case", "SignatureCase", "the prefix is exact", prefixed, [("X-Sig", "SHA256=" + g)], f)
        k("prefix-only", "SignatureMalformed", "nothing after the prefix", prefixed, [("X-Sig", "sha256=")], f)
        for name, sep in [("comma", ","), ("space", " "), ("comma-space", ", ")]:
            listed = {"signature": {"header": "X-Sig", "prefix": "v1=", "separator": sep, "encoding": "hex"}, "signed": "{body}", "key": "utf8"}
            items = ["v1=" + hashlib.sha256(b"%d" % n).hexdigest() for n in range(20)]
            one = "v1=" + g

            def li(id, flags, comment, tokens, result="valid"):
                k(f"list-{name}-{id}", flags, comment, listed, [("X-Sig", sep.join(tokens))], result)

            li("one", "SignatureList", "a list of one", [one])
            li("first", "SignatureList", "the right one first", [one, items[0]])
            li("last", "SignatureList", "the right one last", [items[0], one])
            li("unknown", "SignatureList", "an unknown version and a malformed sibling", ["v0=" + g, "v1=zz", one])
            li("only-unknown", "Downgrade", "only an unknown version", ["v0=" + g], f)
            li("16th", "SignatureFlood", "in 16th place", [*items[:15], one])
            li("17th", "SignatureFlood", "in 17th place: past the cap", [*items[:16], one], bad)
        # --- base64 (Shopify)
        shopify = {"signature": {"header": "X-Shopify-Hmac-Sha256", "encoding": "base64"}, "signed": "{body}", "key": "utf8"}
        h = "X-Shopify-Hmac-Sha256"
        k("shopify-like", "Valid", "base64 over the body", shopify, [(h, b64(mac(S, B)))])
        k("shopify-like-unpadded", "SignatureEncoding", "base64 without its padding", shopify, [(h, b64(mac(S, B)).rstrip("="))])
        k("shopify-like-hex", "SignatureEncoding", "hex where base64 belongs", shopify, [(h, g)], f)
        k("shopify-like-wrong", "SignatureWrong", "the MAC of another body", shopify, [(h, b64(mac(S, "x")))], bad)
        n = next(n for n in range(999) if {"+", "/"} <= set(b64(mac(S, str(n)))))
        both = b64(mac(S, str(n)))
        k("shopify-like-plus-slash", "SignatureEncoding", "both special characters", shopify, [(h, both)], body=str(n), payload="valid")
        k("shopify-like-base64url", "SignatureEncoding", "the URL alphabet", shopify, [(h, both.replace("+", "-").replace("/", "_"))], f, body=str(n))
        # --- Slack
        slack = {"signature": {"header": "X-Slack-Signature", "prefix": "v0=", "encoding": "hex"}, "timestamp": {"header": "X-Slack-Request-Timestamp"}, "signed": "v0:{timestamp}:{body}", "key": "utf8"}

        def sl(id, flags, comment, ts, result="valid", sig=None, extra=(), **more):
            sig = "v0=" + mac(S, f"v0:{ts}:{B}").hex() if sig is None else sig
            if result == "valid":
                more |= at(int(ts))
            k(f"slack-like{id}", flags, comment, slack, [("X-Slack-Signature", sig), ("X-Slack-Request-Timestamp", str(ts)), *extra], result, **more)

        slack_body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        slack_sig = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        assert slack_sig == "v0=" + mac(S, f"v0:1531420618:{slack_body}").hex()
        k("slack-docs", "Vendor", "the example of Slack's page", slack, [("X-Slack-Signature", slack_sig), ("X-Slack-Request-Timestamp", "1531420618")], body=slack_body, now=1531420620, payload="invalid", source="Slack docs 'Verifying requests from Slack'", **at(1531420618))
        sl("", "Valid", "the plain case", SENT)
        sl("-past-edge", "TimestampEdge", "the default window: 300 s old", NOW - 300)
        sl("-past-beyond", "TimestampEdge", "301 s old", NOW - 301, "timestamp_too_old")
        sl("-future-edge", "TimestampEdge TimestampFuture", "300 s ahead", NOW + 300)
        sl("-future-beyond", "TimestampEdge TimestampFuture", "301 s ahead", NOW + 301, "timestamp_too_new")
        sl("-leading-zero", "TimestampAsReceived", "a zero before the number, under a right MAC", f"0{SENT}", f)
        sl("-milliseconds", "TimestampFormat", "13 digits are milliseconds", f"{SENT}000", f)
        sl("-plus", "TimestampFormat", "a sign", f"+{SENT}", f)
        sl("-fraction", "TimestampFormat", "a fraction", f"{SENT}.0", f)
        sl("-2-64", "TimestampFormat", "2^64", "18446744073709551616", f)
        sl("-negative", "TimestampFormat", "the least i64", "-9223372036854775808", f)
        sl("-stale-and-wrong", "TimestampStale", "stale and wrongly signed", NOW - 4000, bad, "v0=" + "00" * 32)
        sl("-repeated-different", "HeaderRepeated", "two timestamps", SENT, "header_conflict", extra=[("X-Slack-Request-Timestamp", str(SENT + 1))])
        sl("-repeated-same", "HeaderRepeated", "one timestamp twice", SENT, extra=[("X-Slack-Request-Timestamp", str(SENT))])
        sl("-body-only", "Downgrade", "the MAC of the body alone", SENT, bad, "v0=" + g)
        k("slack-like-no-timestamp", "HeaderMissing", "no timestamp", slack, [("X-Slack-Signature", "v0=" + g)], "header_missing")
        # --- Convoy: everything in one header
        convoy = {"signature": {"header": "X-Convoy-Signature", "prefix": "v1=", "separator": ",", "encoding": "hex"}, "timestamp": {"field": "t"}, "signed": "{timestamp},{body}", "key": "utf8"}

        def cv(id, flags, comment, value, result="valid", ts=SENT, **more):
            k(f"convoy-like{id}", flags, comment, convoy, [("X-Convoy-Signature", value)], result, **(at(ts) if result == "valid" else {}), **more)

        gc = mac(S, f"{SENT},{B}").hex()
        cv("", "Valid", "the plain case", f"t={SENT},v1={gc}")
        cv("-two", "SignatureList", "the second is right", f"t={SENT},v1={'00' * 32},v1={gc}")
        cv("-v0-ignored", "Downgrade", "the right MAC under v0", f"t={SENT},v0={gc}", f)
        cv("-no-t", "SignatureMalformed", "no t", f"v1={gc}", f)
        cv("-two-t", "HeaderRepeated", "two t", f"t={SENT},t={SENT + 1},v1={gc}", "header_conflict")
        cv("-dot", "SignatureWrong", "signed with Stripe's dot", f"t={SENT},v1={mac(S, f'{SENT}.{B}').hex()}", bad)
        cv("-stale", "TimestampStale", "301 s old", f"t={NOW - 301},v1={mac(S, f'{NOW - 301},{B}').hex()}", "timestamp_too_old")
        cv("-t-text", "TimestampFormat", "t is no number", f"t=now,v1={gc}", f)
        # --- algorithms
        for alg, digest, size in [("hmac-sha256", "sha256", 32), ("hmac-sha512", "sha512", 64), ("hmac-sha1-legacy", "sha1", 20)]:
            scheme = {"signature": {"header": "X-Sig", "encoding": "hex"}, "signed": "{body}", "key": "utf8", "algorithm": alg}
            m = mac(S, B, digest)
            k(alg, "Valid", f"{size} bytes", scheme, [("X-Sig", m.hex())])
            k(f"{alg}-wrong", "SignatureWrong", "last bit flipped", scheme, [("X-Sig", (m[:-1] + bytes([m[-1] ^ 1])).hex())], bad)
            for other, d2 in [("sha256", "sha256"), ("sha512", "sha512"), ("sha1", "sha1")]:
                if d2 != digest:
                    k(f"{alg}-given-{other}", "Downgrade SignatureMalformed", f"a right {other} MAC is of another length", scheme, [("X-Sig", mac(S, B, d2).hex())], f)
            k(f"{alg}-truncated", "SignatureMalformed", "cut to 16 bytes", scheme, [("X-Sig", m[:16].hex())], f)
            in64 = {**scheme, "signature": {"header": "X-Sig", "encoding": "base64"}}
            k(f"{alg}-base64", "SignatureEncoding", "in base64", in64, [("X-Sig", b64(m))])
            k(f"{alg}-base64-unpadded", "SignatureEncoding", "in base64 without padding", in64, [("X-Sig", b64(m).rstrip("="))])
        long = {"signature": {"header": "X-Sig", "encoding": "hex"}, "signed": "{body}", "key": "utf8", "algorithm": "hmac-sha512"}
        k("hmac-sha512-key-128", "KeyFormat", "a key as long as the block", long, [("X-Sig", mac("k" * 128, B, "sha512").hex())], secret="k" * 128)
        k("hmac-sha512-key-129", "KeyFormat", "a key longer than the block", long, [("X-Sig", mac("k" * 129, B, "sha512").hex())], secret="k" * 129)
        # --- timestamps in other formats
        ms = {"signature": {"header": "X-Sig", "encoding": "hex"}, "timestamp": {"header": "X-Ts", "format": "unix-ms"}, "signed": "{timestamp}.{body}", "key": "utf8"}
        iso = {**ms, "timestamp": {"header": "X-Ts", "format": "iso8601"}}

        def tm(id, flags, comment, scheme, text, time=None, result="valid", **more):
            sig = mac(S, wire(f"{text}.") + raw(B)).hex()
            k(id, flags, comment, scheme, [("X-Sig", sig), ("X-Ts", text)], result, **(at(time) if result == "valid" else {}), **more)

        tf, te = "TimestampFormat", "TimestampFormat TimestampEdge"
        tm("unix-ms", tf, "milliseconds; the event says whole seconds", ms, f"{SENT}999", SENT)
        tm("unix-ms-past-edge", te, "300 whole seconds old", ms, f"{NOW - 300}000", NOW - 300)
        tm("unix-ms-past-edge-late", te, "300 whole seconds old, end of the second", ms, f"{NOW - 300}999", NOW - 300)
        tm("unix-ms-past-beyond", te, "a millisecond older: another whole second", ms, f"{NOW - 301}999", None, "timestamp_too_old")
        tm("unix-ms-future-edge", te, "300 whole seconds ahead, end of the second", ms, f"{NOW + 300}999", NOW + 300)
        tm("unix-ms-future-beyond", te, "301 whole seconds ahead", ms, f"{NOW + 301}000", None, "timestamp_too_new")
        tm("unix-ms-seconds", tf, "seconds where milliseconds belong: 1970", ms, str(SENT), None, "timestamp_too_old")
        tm("unix-ms-15-digits", tf, "15 digits", ms, "999999999999999", None, "timestamp_too_new")
        tm("unix-ms-15-zeros", tf, "15 characters, two of them zeros", ms, f"00{SENT}000", None, f)
        tm("unix-ms-16-digits", tf, "16 digits are microseconds", ms, f"{SENT}000000", None, f)
        tm("unix-ms-fraction", tf, "a fraction", ms, f"{SENT}000.5", None, f)
        tm("unix-ms-empty", tf, "no digits", ms, "", None, f)
        tm("unix-ms-sub-second", tf, "999 ms after 1970", ms, "999", 0, now=0)
        for name, text, time in [("z", "2025-12-31T23:59:50Z", SENT), ("fraction", "2025-12-31T23:59:50.999999Z", SENT), ("fraction-9", "2025-12-31T23:59:50.000000001Z", SENT), ("offset", "2026-01-01T00:59:50+01:00", SENT),
                                 ("offset-west", "2025-12-31T18:59:50-05:00", SENT), ("offset-fraction", "2026-01-01T05:44:50.5+05:45", SENT), ("offset-zero", "2025-12-31T23:59:50+00:00", SENT), ("offset-minus-zero", "2025-12-31T23:59:50-00:00", SENT)]:
            tm(f"iso8601-{name}", tf, "signed as received", iso, text, time)
        tm("iso8601-leap-day", tf, "29 February 2024", iso, "2024-02-29T12:00:00Z", 1709208000, now=1709208000)
        tm("iso8601-leap-day-2000", tf, "29 February 2000: divisible by 400", iso, "2000-02-29T00:00:00Z", 951782400, now=951782400)
        tm("iso8601-no-leap-day-2100", tf, "29 February 2100: divisible by 100", iso, "2100-02-29T00:00:00Z", None, f, now=4107542400)
        tm("iso8601-past-edge", te, "300 s old", iso, "2025-12-31T23:55:00Z", NOW - 300)
        tm("iso8601-past-beyond", te, "301 s old, with a fraction", iso, "2025-12-31T23:54:59.999Z", None, "timestamp_too_old")
        tm("iso8601-future-edge", te, "300 s ahead", iso, "2026-01-01T00:05:00.999Z", NOW + 300)
        tm("iso8601-future-beyond", te, "301 s ahead", iso, "2026-01-01T00:05:01Z", None, "timestamp_too_new")
        for name, text in BAD_ISO:
            tm(f"iso8601-bad-{name}", tf, "not ISO 8601 with a zone; the MAC over this text is right", iso, text, None, f)
        # --- tolerance in the scheme and in the options
        strict = {**slack, "tolerance": {"past": 30, "future": 5}}
        for name, ts, result in [("past-edge", NOW - 30, "valid"), ("past-beyond", NOW - 31, "timestamp_too_old"), ("future-edge", NOW + 5, "valid"), ("future-beyond", NOW + 6, "timestamp_too_new")]:
            k(f"tolerance-{name}", "Tolerance TimestampEdge", "the scheme's window", strict, [("X-Slack-Signature", "v0=" + mac(S, f"v0:{ts}:{B}").hex()), ("X-Slack-Request-Timestamp", str(ts))], result, **(at(ts) if result == "valid" else {}))
        off = {**slack, "tolerance": {"past": None, "future": None}}
        k("tolerance-off", "Tolerance", "the scheme turns it off", off, [("X-Slack-Signature", "v0=" + mac(S, f"v0:0:{B}").hex()), ("X-Slack-Request-Timestamp", "0")], **at(0))
        k("tolerance-options-win", "Tolerance", "the options narrow the scheme's window", off, [("X-Slack-Signature", "v0=" + mac(S, f"v0:0:{B}").hex()), ("X-Slack-Request-Timestamp", "0")], "timestamp_too_old", options={"tolerance": {"past": 300, "future": 300}})
        # --- a timestamp outside the template
        loose = {"signature": {"header": "X-Sig", "encoding": "hex"}, "timestamp": {"header": "X-Ts"}, "signed": "{body}", "key": "utf8"}
        k("timestamp-unsigned", "UnsignedTimestamp", "a timestamp that the MAC does not cover", loose, [("X-Sig", g), ("X-Ts", str(SENT))], event={"timestamp": SENT, "time_signed": False})
        k("timestamp-unsigned-stale", "UnsignedTimestamp TimestampStale", "advisory, but checked", loose, [("X-Sig", g), ("X-Ts", str(NOW - 301))], "timestamp_too_old")
        k("timestamp-unsigned-text", "UnsignedTimestamp TimestampFormat", "not a number", loose, [("X-Sig", g), ("X-Ts", "soon")], f)
        # --- ids
        full = {"signature": {"header": "X-Sig", "encoding": "hex"}, "timestamp": {"header": "X-Ts"}, "id": {"header": "X-Id"}, "signed": "{id}.{timestamp}.{body}", "key": "utf8"}

        def idc(id, flags, comment, ident, result="valid", extra=(), **more):
            sig = mac(S, f"{ident}.{SENT}.{B}").hex()
            k(id, flags, comment, full, [("X-Sig", sig), ("X-Ts", str(SENT)), ("X-Id", ident), *extra], result, **(at(SENT, id=ident) if result == "valid" else {}), **more)

        idc("id-signed", "SignedId ReplayKey", "an id under the MAC", "evt_1")
        idc("id-empty", "SignedId", "an empty id", "", f)
        idc("id-repeated-different", "HeaderRepeated", "two ids", "evt_1", "header_conflict", [("X-Id", "evt_2")])
        idc("id-repeated-same", "HeaderRepeated", "one id twice", "evt_1", extra=[("X-Id", "evt_1")])
        idc("id-256", "ReplayKey", "256 bytes", "i" * 256)
        idc("id-257", "ReplayKey", "257 bytes", "i" * 257)
        k("id-missing", "HeaderMissing", "no id", full, [("X-Sig", mac(S, f".{SENT}.{B}").hex()), ("X-Ts", str(SENT))], "header_missing")
        k("id-other", "SignatureWrong SignedId", "another id than the signed one", full, [("X-Sig", mac(S, f"evt_1.{SENT}.{B}").hex()), ("X-Ts", str(SENT)), ("X-Id", "evt_2")], bad)
        unsigned = {"signature": {"header": "X-Sig", "encoding": "hex"}, "id": {"header": "X-Id"}, "signed": "{body}", "key": "utf8"}
        k("id-unsigned", "ReplayKey", "an id outside the MAC is told, not trusted", unsigned, [("X-Sig", g), ("X-Id", "evt_1")], event={"id": "evt_1", "id_signed": False})
        k("id-unsigned-changed", "ReplayKey", "another unsigned id, same replay key", unsigned, [("X-Sig", g), ("X-Id", "evt_2")], event={"id": "evt_2", "id_signed": False})
        # --- what replay keys begin with
        for n, name in [("", "acme"), ("-1", "a"), ("-64", "x" * 64), ("-digest", "a1" * 32), ("-signs", "0-a_b-")]:
            k(f"named{n}", "ReplayKey", "a scheme with a name", {**full, "name": name}, [("X-Sig", mac(S, f"evt_1.{SENT}.{B}").hex()), ("X-Ts", str(SENT)), ("X-Id", "evt_1")], **at(SENT, id="evt_1"))
        k("named-body", "ReplayKey", "a name, and no id", {**plain, "name": "acme"}, [("X-Sig", g)])
        k("unnamed-header-case", "ReplayKey HeaderCase", "the case of header names tells no schemes apart", {**full, "signature": {"header": "x-sig", "encoding": "hex"}, "timestamp": {"header": "X-TS"}, "id": {"header": "x-ID"}},
          [("X-Sig", mac(S, f"evt_1.{SENT}.{B}").hex()), ("X-Ts", str(SENT)), ("X-Id", "evt_1")], **at(SENT, id="evt_1"))
        k("unnamed-tolerance", "ReplayKey Tolerance", "nor does the tolerance, nor how long its provider retries", {**full, "tolerance": {"past": 60, "future": 10}, "retryHorizon": 3600},
          [("X-Sig", mac(S, f"evt_1.{SENT}.{B}").hex()), ("X-Ts", str(SENT)), ("X-Id", "evt_1")], **at(SENT, id="evt_1"))
        k("unnamed-defaults", "ReplayKey", "nor does what is said although it is the default", {**full, "timestamp": {"header": "X-Ts", "format": "unix"}, "algorithm": "hmac-sha256"},
          [("X-Sig", mac(S, f"evt_1.{SENT}.{B}").hex()), ("X-Ts", str(SENT)), ("X-Id", "evt_1")], **at(SENT, id="evt_1"))
        for n, scope in [("", "tenant-7"), ("-colon", "a:id:b"), ("-mark", "a@b/c"), ("-space", "tenant 7"), ("-percent", "%20"), ("-umlaut", "Z\u00fcrich \u20ac"), ("-long", "s" * 300)]:
            k(f"scope{n}", "ReplayKey", "keys of its own for a tenant", {**plain, "name": "acme", "event": {"id": "meta.id"}}, [("X-Sig", g)], event={"id": "ord_1"}, options={"scope": scope}, payload="valid")
        # --- templates
        for name, ident in [("body", "{body}"), ("timestamp", "{timestamp}"), ("id", "{id}"), ("dollar", "$&"), ("percent", "%s"), ("backslash", "\\1")]:
            idc(f"template-in-id-{name}", "Template SignedId", "a placeholder in the id stays as it is", ident)
        for name, body in [("id", '{"x":"{id}"}'), ("timestamp", '{"x":"{timestamp}.{body}"}'), ("dollar", '{"x":"$& $1 $$ $`"}'), ("braces", "{body}{id}{timestamp}")]:
            sig = mac(S, f"evt_1.{SENT}.{body}").hex()
            k(f"template-in-body-{name}", "Template", "placeholders in the body stay as they are", full, [("X-Sig", sig), ("X-Ts", str(SENT)), ("X-Id", "evt_1")], body=body, payload="invalid" if name == "braces" else None, **at(SENT, id="evt_1"))
        odd = {**full, "signed": "{timestamp}|{id}|{timestamp}|{body}|end\u00e9"}
        k("template-literals", "Template", "a placeholder twice, text after the body, text that is not ASCII", odd, [("X-Sig", mac(S, f"{SENT}|e|{SENT}|{B}|end\u00e9").hex()), ("X-Ts", str(SENT)), ("X-Id", "e")], **at(SENT, id="e"))
        first = {"signature": {"header": "X-Sig", "encoding": "hex"}, "timestamp": {"header": "X-Ts"}, "signed": "{body}{timestamp}", "key": "utf8"}
        k("template-body-first", "Template", "the body before the timestamp", first, [("X-Sig", mac(S, f"{B}{SENT}").hex()), ("X-Ts", str(SENT))], **at(SENT))
        for n, fmt, now_, ts in [("seconds", "unix", NOW, "%d" % SENT), ("milliseconds", "unix-ms", NOW, f"{SENT}123")]:
            scheme = {**first, "timestamp": {"header": "X-Ts", "format": fmt}, "signed": "{body}{timestamp}"}
            for cut in (1, 2, 3):
                amount = f"amount=1{'0' * cut}"
                moved = "0" * cut + ts
                k(f"moved-zeros-{n}-{cut}", "Template TimestampFormat", "zeros that move from the end of the body into the timestamp", scheme, [("X-Sig", mac(S, amount + ts).hex()), ("X-Ts", moved)], f, body="amount=1", now=now_)
                k(f"moved-digits-{n}-{cut}", "Template", "digits that move from the timestamp into the body", scheme, [("X-Sig", mac(S, amount + ts).hex()), ("X-Ts", ts[cut:])], "timestamp_too_old" if ts[cut] != "0" else f, body=amount + ts[:cut], now=now_)
        box = {"signature": {"header": "X-Sig", "encoding": "base64"}, "timestamp": {"header": "X-Ts", "format": "iso8601"}, "signed": "{body}{timestamp}", "key": "utf8", "tolerance": {"past": 600, "future": 300}}
        k("template-body-then-iso", "Template", "as Box signs", box, [("X-Sig", b64(mac(S, f"{B}2025-12-31T23:59:50-00:00"))), ("X-Ts", "2025-12-31T23:59:50-00:00")], **at(SENT))
        zendesk = {**box, "signed": "{timestamp}{body}"}
        k("template-iso-then-body", "Template", "as Zendesk signs", zendesk, [("X-Sig", b64(mac(S, f"2025-12-31T23:59:50Z{B}"))), ("X-Ts", "2025-12-31T23:59:50Z")], **at(SENT))
        twitch = {"signature": {"header": "X-Sig", "prefix": "sha256=", "encoding": "hex"}, "timestamp": {"header": "X-Ts", "format": "iso8601"}, "id": {"header": "X-Id"}, "signed": "{id}{timestamp}{body}", "key": "utf8", "adjacent": "every id is a UUID of 36 characters"}
        k("template-adjacent", "Template", "as Twitch signs; it says why", twitch, [("X-Sig", "sha256=" + mac(S, f"evt_12025-12-31T23:59:50.123456789Z{B}").hex()), ("X-Ts", "2025-12-31T23:59:50.123456789Z"), ("X-Id", "evt_1")], **at(SENT, id="evt_1"))
        discord = {"signature": {"header": "X-Sig", "encoding": "hex"}, "timestamp": {"header": "X-Ts"}, "signed": "{timestamp}{body}", "key": "utf8"}
        k("template-time-then-body", "Template", "as Discord and SendGrid sign, but for the algorithm", discord, [("X-Sig", mac(S, f"{SENT}{B}").hex()), ("X-Ts", str(SENT))], **at(SENT))
        # --- names in the body
        named = {**plain, "event": {"type": "meta.type", "id": "meta.id"}}
        k("event-paths", "Envelope ReplayKey", "type and id at a path in the signed body", named, [("X-Sig", g)], event={"type": "order.paid", "id": "ord_1"}, payload="valid")
        for name, body, comment in [("missing", '{"meta":{}}', "nothing at the path"), ("no-parent", '{"other":1}', "no such parent"), ("parent-string", '{"meta":"x"}', "the parent is no object"), ("number", '{"meta":{"type":5,"id":7}}', "numbers are no names"), ("not-json", "hello", "the body is not JSON")]:
            k(f"event-paths-{name}", "Envelope", comment, named, [("X-Sig", mac(S, body).hex())], body=body, **({"payload": "invalid"} if name == "not-json" else {}))
        formed = {**plain, "event": {"type": "type", "id": "trigger_id", "form": "payload"}}
        for name, body, event, more in [
            ("form", "payload=%7B%22type%22%3A%22block_actions%22%2C%22trigger_id%22%3A%221.2%22%7D", {"type": "block_actions", "id": "1.2"}, {"payload": "valid", "read": {"type": "block_actions", "trigger_id": "1.2"}}),
            ("form-json", '{"type":"a"}', {"type": "a"}, {"payload": "valid", "read": {"type": "a"}}), ("form-no-field", "token=x", {}, {"payload": "invalid", "difference": f"{BODY}: {FORM} {JSON}"}),
        ]:
            k(f"event-{name}", "Form Envelope", "JSON in a field of a form, or as it is", formed, [("X-Sig", mac(S, body).hex())], body=body, event=event, **more)
        flat = {**plain, "event": {"type": "kind"}}
        k("event-path-type-only", "Envelope", "only the type has a path", flat, [("X-Sig", g)], event={"type": "order.paid"}, payload="valid")
        for name, body, type_, comment in [
            ("repeated-key", '{"kind":"first","kind":"last"}', "last", "the last of two equal keys counts"),
            ("repeated-escaped-key", '{"kind":"first","k\\u0069nd":"last"}', "last", "an escaped key is the same key"),
            ("half-pair", '{"kind":"a\\ud83d"}', "a\ufffd", "half a surrogate pair, as left where a text is cut inside an emoji"),
            ("half-pair-then-text", '{"kind":"\\ude80b\\\\ud83d"}', "\ufffdb\\ud83d", "the other half, and an escaped backslash before what looks like one"),
            ("pair", '{"kind":"\\ud83d\\ude80"}', "\U0001f680", "a whole pair"),
            ("deep", '{"kind":"x","deep":' + "[" * 126 + "]" * 126 + "}", "x", "127 levels are read"),
            ("brackets-in-text", '{"kind":"x","text":"' + "[{" * 200 + '\\"[[["}', "x", "brackets inside a text are no levels"),
            ("large-number", '{"kind":"x","value":1.7976931348623157e308}', "x", "the largest finite number"),
            ("empty-key", '{"kind":""}', None, "an empty name is none"),
        ]:
            k(f"event-json-{name}", "Envelope", comment, flat, [("X-Sig", mac(S, body).hex())], body=body, event={"type": type_}, payload="valid")
        dotted = {**plain, "event": {"type": "meta.type"}}
        body = '{"meta.type":"flat","meta":{"type":"nested"}}'
        k("event-path-dotted-key", "Envelope", "a dot in a path goes down a level; a key with a dot is not meant", dotted, [("X-Sig", mac(S, body).hex())], body=body, event={"type": "nested"}, payload="valid")
        # --- keys
        hexkey = {**plain, "key": "hex"}
        kb = bytes(range(32))
        k("key-hex", "KeyFormat", "a key in hex", hexkey, [("X-Sig", mac(kb, B).hex())], secret=kb.hex())
        k("key-hex-upper-case", "KeyFormat", "a key in upper-case hex", hexkey, [("X-Sig", mac(bytes([0xAB, 0xCD] * 16), B).hex())], secret="ABCD" * 16)
        k("key-hex-as-text", "KeyFormat", "signed with the hex as text", hexkey, [("X-Sig", mac(kb.hex(), B).hex())], bad, secret=kb.hex())
        k("key-hex-odd", "SecretLint", "an odd number of digits", hexkey, [("X-Sig", g)], "secret_not_decodable", secret=kb.hex()[:-1])
        k("key-hex-letters", "SecretLint", "not hex", hexkey, [("X-Sig", g)], "secret_not_decodable", secret="xyz0" * 16)
        k("key-hex-empty", "SecretLint", "an unset variable", hexkey, [("X-Sig", g)], "secret_empty", secret="")
        b64key = {**plain, "key": "base64"}
        k("key-base64", "KeyFormat", "a key in base64", b64key, [("X-Sig", mac(kb, B).hex())], secret=b64(kb))
        k("key-base64-as-text", "KeyFormat", "signed with the base64 as text", b64key, [("X-Sig", mac(b64(kb), B).hex())], bad, secret=b64(kb))
        k("key-base64-letters", "SecretLint", "not base64", b64key, [("X-Sig", g)], "secret_not_decodable", secret="not*base64")
        k("key-utf8-looks-like-hex", "KeyFormat", "hex digits as text", plain, [("X-Sig", mac(kb.hex(), B).hex())], secret=kb.hex())
        k("key-utf8-whsec", "KeyFormat", "whsec_ is part of a text key", plain, [("X-Sig", mac(WHSEC, B).hex())], secret=WHSEC)
        k("key-utf8-empty", "SecretLint", "an unset variable", plain, [("X-Sig", g)], "secret_empty", secret="")
        k("key-utf8-newline", "SecretLint", "a newline after it", plain, [("X-Sig", g)], "secret_not_decodable", secret=S + "\n")
        k("key-utf8-quoted", "SecretLint", "in quotes", plain, [("X-Sig", g)], "secret_not_decodable", secret=f'"{S}"')
        k("keyring-second", "Keyring", "the second key", plain, [("X-Sig", g)], secrets=[("new", self.OTHER), ("old", S)], event={"key": "old"})
        k("keyring-expired", "KeyExpired", "the second key expired", plain, [("X-Sig", g)], bad, secrets=[("new", self.OTHER), ("old", S, NOW - 1)])
        k("keyring-last-second", "KeyExpired", "the second key in its last second", plain, [("X-Sig", g)], secrets=[("new", self.OTHER), ("old", S, NOW)], event={"key": "old"})


for cls, name in [(Plane, "plane"), (PlaneConnection, "planeconnection"), (PlanDocket, "plandocket"), (Planasonix, "planasonix"), (Stripe, "stripe"), (Resend, "resend"),
                  (Svix, "svix"), (StandardWebhooks, "standard-webhooks"), (GitHub, "github"), (Custom, "custom")]:
    file = cls(name)
    file.make()
    file.write()
