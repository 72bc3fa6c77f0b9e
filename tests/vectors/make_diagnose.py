#!/usr/bin/env python3
"""Writes tests/vectors/diagnose/<sender>.json: deliveries that were broken in one or two known ways. The bytes are the same on every run.

The signature is made over what the sender sent (Python's hmac, Ed25519 from `cryptography`); then the delivery is broken the way programs break it,
by those programs' own functions: Python's json, gzip, zlib, base64, urllib and codecs, and Node's JSON, Buffer, URLSearchParams and zlib.
What must be found (`causes`) is written here by hand. None of it comes from this library.
"""

import base64
import gzip
import hashlib
import hmac
import json
import pathlib
import subprocess
import urllib.parse
import zlib
from email.utils import formatdate

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common import BOM, put_body

HERE = pathlib.Path(__file__).parent / "diagnose"
NOW = 1767225600  # 2026-01-01T00:00:00Z
SENT = NOW - 10
DELIVERIES = json.loads((HERE.parent / "captured/deliveries.json").read_text())
WHSK = base64.b64decode("6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==")
SIGNER, PUBLIC = Ed25519PrivateKey.from_private_bytes(WHSK[:32]), WHSK[32:]

NODE = """
const rl = require("readline").createInterface({ input: process.stdin });
const zlib = require("zlib");
const sorted = (v) => Array.isArray(v) ? v.map(sorted) : v && typeof v === "object"
  ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v;
const ops = {
  stringify: (b) => JSON.stringify(JSON.parse(b)),
  pretty2: (b) => JSON.stringify(JSON.parse(b), null, 2),
  pretty4: (b) => JSON.stringify(JSON.parse(b), null, 4),
  tab: (b) => JSON.stringify(JSON.parse(b), null, "\\t"),
  sorted: (b) => JSON.stringify(sorted(JSON.parse(b))),
  twice: (b) => JSON.stringify(b.toString()),
  text: (b) => b.toString(),
  textDecoder: (b) => new TextDecoder().decode(b),
  latin1: (b) => Buffer.from(b.toString("latin1")),
  windows1252: (b) => Buffer.from(new TextDecoder("windows-1252").decode(b)),
  utf16le: (b) => Buffer.from(b.toString(), "utf16le"),
  asUtf16: (b) => Buffer.from(b.toString("utf16le")),
  toLatin1: (b) => Buffer.from(b.toString(), "latin1"),
  bufferJson: (b) => JSON.stringify(b),
  arrayJson: (b) => JSON.stringify(new Uint8Array(b)),
  join: (b) => String(new Uint8Array(b)),
  base64: (b) => b.toString("base64"),
  base64url: (b) => b.toString("base64url"),
  hex: (b) => b.toString("hex"),
  gzip: (b) => zlib.gzipSync(b),
  deflate: (b) => zlib.deflateSync(b),
  trim: (b) => b.toString().trim(),
  formFields: (b) => JSON.stringify(Object.fromEntries(new URLSearchParams(b.toString()))),
  rewriteForm: (b) => new URLSearchParams(b.toString()).toString(),
  form: (b) => new URLSearchParams({ payload: b.toString() }).toString(),
  component: (b) => "payload=" + encodeURIComponent(b.toString()),
  asForm: (b) => new URLSearchParams(b.toString()).toString(),
  object: (b) => String(JSON.parse(b)),
  inspect: (b) => require("util").inspect(JSON.parse(b), { depth: null }),
  brotli: (b) => zlib.brotliCompressSync(b),
  chunks: (b) => { const at = 1 + b.findIndex((byte) => byte > 127); return "" + b.subarray(0, at) + b.subarray(at); },
};
rl.on("line", (line) => {
  const [op, body] = line.split(" ");
  console.log(Buffer.from(ops[op](Buffer.from(body || "", "base64"))).toString("base64"));
});
"""
process = subprocess.Popen(["node", "-e", NODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def node(op, body):
    process.stdin.write(f"{op} {base64.b64encode(raw(body)).decode()}\n")
    process.stdin.flush()
    return base64.b64decode(process.stdout.readline())


def raw(text):
    return text if isinstance(text, bytes) else text.encode()


def b64(data):
    return base64.b64encode(raw(data)).decode()


def mac(key, message, digest="sha256"):
    return hmac.new(raw(key), raw(message), digest).digest()


def dumps(body, **more):
    return raw(json.dumps(json.loads(body), **more))


def compact(body):
    return dumps(body, ensure_ascii=False, separators=(",", ":"))


def php(body):
    return raw(json.dumps(json.loads(body), separators=(",", ":")).replace("/", "\\/"))


def go(body):
    text = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":"))
    return raw(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def upper_escapes(body):
    text = json.dumps(json.loads(body), separators=(",", ":"))
    out, parts = "", text.split("\\u")
    return raw(parts[0] + "".join("\\u" + p[:4].upper() + p[4:] for p in parts[1:]))


def reordered(body):
    """Keys in another order, as a hash map writes them."""
    return raw(json.dumps(dict(reversed(json.loads(body).items())), ensure_ascii=False, separators=(",", ":")))


def by_length(value):
    if isinstance(value, dict):
        return {key: by_length(value[key]) for key in sorted(value, key=lambda key: (len(key.encode()), key.encode()))}
    return value


class Sender:
    """How a sender signs, and a body as it writes one."""

    name = secret = other_secret = body = ""
    timed, ident, hexadecimal, listed = False, None, True, False
    scheme = options = None
    algorithm = "sha256"
    prefix = ""
    signature, timestamp = "", ""
    decoded_key = False     # the secret is whsec_ and base64
    time_field = False

    def key(self, secret):
        return base64.b64decode(secret.removeprefix("whsec_")) if self.decoded_key else raw(secret)

    def content(self, body, ts, ident):
        return raw(f"{ident}.{ts}.") + body if self.ident else raw(f"{ts}.") + body if self.timed else body

    def digest(self, body, ts=SENT, ident=None, secret=None):
        return mac(self.key(secret or self.secret), self.content(raw(body), ts, ident or self.ident), self.algorithm)

    def encode(self, digest):
        return digest.hex() if self.hexadecimal else b64(digest)

    def value(self, token, ts=SENT):
        return f"t={ts},{token}" if self.time_field else token

    def time_text(self, ts):
        return str(ts)

    def headers(self, value, ts=SENT, ident=None):
        out = []
        if self.ident:
            out.append((self.id_header, ident or self.ident))
        if self.timestamp and not self.time_field:
            out.append((self.timestamp, self.time_text(ts)))
        return out + [(self.signature, value)]


class File:
    def __init__(self, sender):
        self.s, self.cases = sender, []

    def add(self, id, causes, comment, *, body=None, signed=None, ts=SENT, ident=None, token=None, value=None, headers=None, extra=(),
            secret=None, secrets=None, right=None, now=NOW, code=None, evidence=None, proven=None, framework=None, options=..., digest=None, scheme=None):
        """`signed`: what the sender sent; `body`: what we hold. `right`: the sender's secret, `secret`: what we hold."""
        s = self.s
        signed = raw(s.body if signed is None else signed)
        body = signed if body is None else raw(body)
        right = right or s.secret
        digest = digest or s.digest(signed, ts, ident, right)
        if headers is None:
            if value is None:
                value = s.value(s.prefix + s.encode(digest) if token is None else token, ts)
            headers = s.headers(value, ts, ident)
        case = {"id": id, "comment": comment}
        if secrets is None:
            case["secret"] = right if secret is None else secret
        else:
            case["secrets"] = [dict(zip(("name", "secret", "expires"), entry)) for entry in secrets]
        if scheme or s.scheme:
            case["scheme"] = scheme or s.scheme
        options = s.options if options is ... else options
        if options:
            case["options"] = options
        if framework:
            case["framework"] = framework
        case |= {"now": now, "headers": [list(h) for h in [*headers, *extra]]}
        put_body(case, body)
        case["causes"] = causes.split() if isinstance(causes, str) else causes
        if code:
            case["code"] = code
        if evidence:
            case["evidence"] = evidence
        if proven is not None:
            case["proven"] = proven
        # What must never be shown: the right secret, and the signatures of what was sent and of what we hold.
        case["rightSecret"] = right
        case["valid"] = [digest.hex(), s.digest(body, ts, ident, right).hex()]
        self.cases.append(case)

    def write(self):
        ids = [c["id"] for c in self.cases]
        assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
        lines = [f' "provider": {json.dumps(self.s.name)},', f' "numberOfTests": {len(self.cases)},', ' "cases": [']
        lines.append(",\n".join("  {\n" + ",\n".join(f"   {json.dumps(k)}: {json.dumps(v)}" for k, v in c.items()) + "\n  }" for c in self.cases))
        lines.append(" ]")
        (HERE / f"{self.s.file}.json").write_text("{\n" + "\n".join(lines) + "\n}\n")
        print(f"{self.s.file:24} {len(self.cases)}")

    # --- one mistake
    def all(self):
        self.bodies()
        self.reserialized()
        self.secrets()
        self.signatures()
        if self.s.timed:
            self.times()
        self.contents()
        self.pairs()
        self.lost()
        self.negatives()

    def bodies(self):
        a, s = self.add, self.s
        doc = raw(s.body)
        lines = dumps(doc, ensure_ascii=False, indent=2)
        a("valid", "", "nothing is wrong", code="valid")
        a("newline-added", "body_newline_added", "echo appends a line feed", body=doc + b"\n", framework="express")
        a("newline-added-crlf", "body_newline_added", "CRLF appended", body=doc + b"\r\n")
        a("newlines-added", "body_newline_added", "two line feeds appended", body=doc + b"\n\n")
        a("newline-lost", "body_newline_lost", "String.trim cut the last line feed", signed=doc + b"\n", body=node("trim", doc + b"\n"), framework="django")
        a("newline-lost-crlf", "body_newline_lost", "and CRLF", signed=doc + b"\r\n", body=doc)
        a("lines-to-crlf", "body_line_endings", "LF became CRLF", signed=lines, body=lines.replace(b"\n", b"\r\n"), evidence={"signed": "LF"})
        a("lines-to-lf", "body_line_endings", "CRLF became LF", signed=lines.replace(b"\n", b"\r\n"), body=lines, evidence={"signed": "CRLF"})
        a("bom-added", "body_bom_added", "saved as UTF-8 with a byte order mark", body=BOM + doc)
        a("bom-lost", "body_bom_lost", "TextDecoder drops it", signed=BOM + doc, body=node("textDecoder", BOM + doc), framework="hono")
        a("trimmed", "body_trimmed", "trim at both ends", signed=b"\n" + doc + b"\n", body=node("trim", b"\n" + doc + b"\n"))
        a("trimmed-spaces", "body_trimmed", "trim at the end", signed=doc + b"  ", body=doc)
        a("trimmed-spaces-line", "body_trimmed", "three spaces and a line feed; nothing says how many", signed=doc + b"   \n", body=doc)
        a("trimmed-start", "body_trimmed", "a leading space", signed=b" " + doc, body=doc)
        a("padded", "body_padded", "spaces added", body=doc + b" ")
        a("padded-start", "body_padded", "a space before", body=b" " + doc)
        a("latin1", "body_charset", "Buffer.toString('latin1') and back as UTF-8", signed='{"name":"Zoë Müller – ü"}', body=node("latin1", '{"name":"Zoë Müller – ü"}'))
        a("windows-1252", "body_charset", "decoded as Windows-1252", signed='{"name":"Zoë – “quoted”"}', body=node("windows1252", '{"name":"Zoë – “quoted”"}'))
        a("to-latin1", "body_charset", "written as Latin-1", signed='{"name":"Zoë Müller"}', body=node("toLatin1", '{"name":"Zoë Müller"}'))
        a("to-cp1252", "body_charset", "written as Windows-1252", signed='{"name":"Zoë – Müller"}', body='{"name":"Zoë – Müller"}'.encode("cp1252"))
        a("utf16", "body_charset", "written as UTF-16", body=node("utf16le", doc))
        a("utf16-bom", "body_charset", "written as UTF-16 with a mark", body=doc.decode().encode("utf-16"))
        a("utf16-be", "body_charset", "written as big-endian UTF-16", body=doc.decode().encode("utf-16-be"))
        even = b'{"name":"value"}' if len(b'{"name":"value"}') % 2 == 0 else b'{"name":"valu"}'
        a("read-as-utf16", "body_charset", "read as UTF-16", signed=even, body=node("asUtf16", even))
        a("signed-latin1", "body_charset", "the sender's Latin-1 became UTF-8", signed='{"name":"Zoë"}'.encode("latin-1"), body='{"name":"Zoë"}'.encode("latin-1").decode("latin-1"))
        a("replacement-character", "body_charset", "the sender's Latin-1 read as UTF-8: one byte lost", signed=b'{"name":"M\xfcller"}', body=node("textDecoder", b'{"name":"M\xfcller"}'))
        a("string-twice", "body_double_encoded", "JSON.stringify of text", body=node("twice", doc), framework="nextjs-app")
        a("python-string-twice", "body_double_encoded", "json.dumps of text", body=json.dumps(doc.decode()))
        a("backslashes", "body_double_encoded", "quotes escaped", signed=compact(doc).replace(b"\\", b""), body=compact(doc).replace(b"\\", b"").replace(b'"', b'\\"'))
        a("python-bytes", "body_double_encoded", "str(bytes)", body=str(doc))
        a("html-entities", "body_double_encoded", "escaped for HTML", signed='{"a":"b","c":"<d> & e"}', body="{&quot;a&quot;:&quot;b&quot;,&quot;c&quot;:&quot;&lt;d&gt; &amp; e&quot;}")
        a("wrapped", "body_double_encoded", "a queue's message around it", body=json.dumps({"messageId": "1", "body": doc.decode(), "attributes": {}}))
        a("lambda-event", "body_base64", "the whole Lambda event", body=json.dumps({"version": "2.0", "headers": {}, "body": b64(doc), "isBase64Encoded": True}))
        a("base64", "body_base64", "API Gateway's isBase64Encoded", body=node("base64", doc), framework="aws-lambda")
        a("base64-newline", "body_base64", "base64 with line breaks", body=base64.encodebytes(doc))
        a("base64url", "body_base64", "the URL-safe alphabet", body=node("base64url", doc))
        a("hex", "body_base64", "Buffer.toString('hex')", body=node("hex", doc))
        a("buffer-json", "body_reserialized", "JSON.stringify of a Buffer", body=node("bufferJson", doc), framework="express")
        a("array-json", "body_reserialized", "JSON.stringify of a Uint8Array", body=node("arrayJson", doc))
        a("array-joined", "body_reserialized", "String of a Uint8Array", body=node("join", doc))
        a("python-dict", "body_reserialized", "str(dict)", signed=dumps(doc, ensure_ascii=False), body=str(json.loads(doc)))
        form = raw(urllib.parse.urlencode({"payload": doc.decode()}))
        a("form-value", "body_form_decoded", "the value of the form's field", signed=form, body=doc, extra=[("Content-Type", "application/x-www-form-urlencoded")], framework="rails")
        a("form-value-component", "body_form_decoded", "the same, written with encodeURIComponent", signed=node("component", doc), body=doc, extra=[("Content-Type", "application/x-www-form-urlencoded")])
        a("form-fields", "body_form_decoded", "express.urlencoded, then JSON.stringify", signed=form, body=node("formFields", form), framework="express")
        a("form-fields-2", "body_form_decoded", "two fields", signed="a=1+2&b=%C3%BC", body=node("formFields", "a=1+2&b=%C3%BC"))
        a("json-as-form", "body_form_decoded", "JSON read by a form parser and written back", signed='{"a":"b","c":[1,2]}', body=node("asForm", '{"a":"b","c":[1,2]}'))
        a("json-as-form-field", "body_form_decoded", "JSON read by express.urlencoded", signed='{"a":"b & c"}', body=node("formFields", '{"a":"b & c"}'.replace(" ", "%20")).replace(b"%20", b" "))
        a("gzip", "body_compressed", "gzip left on (Node)", body=node("gzip", doc), extra=[("Content-Encoding", "gzip")])
        a("gzip-python", "body_compressed", "gzip left on, with a name in it", body=gzip_named(doc))
        a("deflate", "body_compressed", "zlib left on", body=node("deflate", doc), extra=[("Content-Encoding", "deflate")])
        a("deflate-raw", "body_compressed", "raw deflate left on", body=zlib.compress(doc, wbits=-15), extra=[("Content-Encoding", "deflate")])
        self.more_bodies()
        a("truncated-bracket", "body_truncated", "the last bracket is lost", body=doc.rstrip()[:-1], proven=True)

    def more_bodies(self):
        a, s = self.add, self.s
        doc = raw(s.body)
        length = lambda body: [("Content-Length", str(len(body)))]
        many = doc.rstrip() + b"\n" * 7
        a("trimmed-many", "body_trimmed", "seven line feeds; the length on the wire says how many", signed=many, body=many.strip(), extra=length(many))
        c = "body_charset"
        a("split-character", c, "chunks became text one by one, and the break was inside of a character", signed='{"name":"Zoë"}', body=node("chunks", '{"name":"Zoë"}'))
        a("split-emoji", c, "the same with four bytes", signed='{"name":"🚀!"}', body=node("chunks", '{"name":"🚀!"}'))
        a("ascii-question-mark", c, "encode('ascii', 'replace')", signed='{"name":"Zoë Müller"}', body="{\"name\":\"Zoë Müller\"}".encode("ascii", "replace"))
        a("ascii-replacement", c, "decode('ascii', 'replace'): more is lost than can be tried", signed='{"name":"日本語"}', body='{"name":"日本語"}'.encode().decode("ascii", "replace"), proven=False)
        r = "body_reserialized"
        printed = '{"id":"e_1","ok":true,"none":null,"tags":["a",{"n":1}]}'
        a("node-inspect", r, "util.inspect, as console.log prints it", signed=printed, body=node("inspect", printed))
        a("ruby-inspect", r, "Hash#inspect", signed=printed, body='{"id"=>"e_1", "ok"=>true, "none"=>nil, "tags"=>["a", {"n"=>1}]}')
        a("java-map", r, "Map.toString", signed=printed, body="{id=e_1, ok=true, none=null, tags=[a, {n=1}]}", proven=False)
        a("go-map", r, "fmt.Sprint of a map", signed=printed, body="map[id:e_1 none:<nil> ok:true tags:[a map[n:1]]]", proven=False)
        a("go-bytes", r, "fmt.Sprint of a []byte", body=str(list(doc)).replace(",", ""))
        z = "body_compressed"
        a("deflate-raw-bare", z, "raw deflate without a header that says so", body=zlib.compress(doc, wbits=-15))
        a("brotli", z, "brotli left on: nothing undoes it here", body=node("brotli", doc), extra=[("Content-Encoding", "br")], proven=False)
        block = doc[:200]
        zstd = b"\x28\xb5\x2f\xfd\x20" + bytes([len(block)]) + (len(block) << 3 | 1).to_bytes(3, "little") + block
        a("zstd", z, "zstd left on: one raw block (RFC 8878)", signed=block, body=zstd, proven=False)
        f = "body_form_decoded"
        form, header = raw(urllib.parse.urlencode({"text": "a b/ü", "url": "https://example.com/?q=1"})), [("Content-Type", "application/x-www-form-urlencoded")]
        fields = urllib.parse.parse_qs(form.decode())
        a("form-unquoted", f, "the whole form percent-decoded", signed=form, body=urllib.parse.unquote_plus(form.decode()), extra=header)
        a("form-lists", f, "json.dumps of parse_qs", signed=form, body=json.dumps(fields), extra=header)
        a("form-rewritten", f, "a space is %20 now", signed=form, body=urllib.parse.urlencode(fields, doseq=True, quote_via=urllib.parse.quote), extra=header)
        lower = form.replace(b"%2F", b"%2f").replace(b"%C3%BC", b"%c3%bc").replace(b"%3A", b"%3a").replace(b"%3F", b"%3f").replace(b"%3D", b"%3d")
        slash = "token=gIkuvaNzQIHg97ATvDxqgjtO&team_id=T0001&channel_id=C2147483705&user_name=Steve&command=%2Fweather&text=94070+caf%C3%A9"
        a("form-sorted", f, "Go's url.Values.Encode sorts a slash command's fields", signed=slash, body=urllib.parse.urlencode(sorted(urllib.parse.parse_qsl(slash))), extra=header)
        split = '{"id":7,"text":"a&b=c","more":"x&y"}'
        a("form-json-split", f, "JSON with & and =, through URLSearchParams", signed=split, body=node("rewriteForm", split))
        a("form-lower-case", f, "signed with escapes in lower case (.NET)", signed=lower, body=form, extra=header)
        a("form-cut", "body_truncated", "a form that ends too early", signed=form, body=form[:-9], extra=[*header, *length(form)], proven=False)
        long = doc + b" " * 40
        for name, held in [("none", b"None"), ("nil", b"nil"), ("blob", b"[object Blob]"), ("list", b"[]"), ("python-bytes", b"b''")]:
            a(f"consumed-{name}", "body_empty", "what is left where nothing was read", signed=long, body=held, extra=length(long), proven=False)

    def lossy(self):
        """Where a parser lost something that only a search brings back."""
        a = self.add
        r = "body_reserialized"
        length = lambda body: [("Content-Length", str(len(body)))]

        def js(name, comment, signed, **more):
            a(name, r, comment, signed=signed, body=node("stringify", signed), **more)

        js("floats-mixed", "some are 1.0, some 1", '{"id":7,"amount":10.0,"tax":2.0,"count":3}')
        mixed = '{"id":7,"amount":10.0,"tax":2.0,"count":3,"fee":1.0,"page":1,"rate":4.0,"total":17.0,"left":0,"seats":2,"score":5.0}'
        js("floats-mixed-length", "six of eleven; the length on the wire says how many", mixed, extra=length(mixed))
        spaced = json.dumps(json.loads(mixed))
        js("floats-mixed-length-spaced", "the same, written by Python", spaced, extra=length(spaced))
        js("big-integers", "two ids beyond 2^53", '{"id":1152921504606847,"user":{"id":90071992547409931},"ref":36028797018963971}')
        js("big-integer-float", "an id beyond 2^53, and 10.0", '{"id":1234567890123456789,"amount":10.0,"ok":true}')
        whole = '{"id":7,"at":1767225590,"n":{"count":3}}'
        a("whole-as-floats", r, "Gson reads every number as a double", signed=whole, body='{"id":7.0,"at":1.76722559E9,"n":{"count":3.0}}')
        a("milliseconds-dropped", r, "Newtonsoft reads times and writes them without .000", signed='{"at":"2026-01-01T00:00:00.000Z","n":1}', body='{"at":"2026-01-01T00:00:00Z","n":1}')
        php = '{"amount":10.0,"meta":{},"list":[1]}'
        a("php-all", r, "PHP: 10.0 and {} at once", signed=php, body='{"amount":10,"meta":[],"list":[1]}')
        deep = '{"type":"t","id":7,"live":true,"data":{"name":"x","kind":"k","age":3},"at":5}'
        a("sorted-deep", r, "json.dumps(sort_keys=True)", signed=deep, body=dumps(deep, sort_keys=True))
        a("jsonb", r, "PostgreSQL's jsonb: keys by length, then bytes", signed=deep, body=json.dumps(by_length(json.loads(deep))))
        rows = '{"type":"t","rows":[{"sku":"a","qty":1,"name":"x"},{"sku":"b","qty":2,"name":"y"}],"id":7}'
        a("sorted-rows", r, "the same order in every row", signed=rows, body=node("sorted", rows))
        seven = '{"vat":1,"order_no":"A-7","zone":"eu","kind":"k","paid":true,"by":"card","lines":3}'
        a("sorted-seven", r, "seven keys in an order that no list has", signed=seven, body=node("sorted", seven))
        odd = '{"id":7,"type":"t","data":{"zone":"eu","by":"card","kind":"k","name":"x","vat":1},"extra":{"z":1,"y":2,"x":3,"w":4,"v":5}}'
        only = json.loads(odd)
        only["data"] = dict(sorted(only["data"].items()))
        a("sorted-one-object", r, "one object went through a sorted map", signed=odd, body=json.dumps(only, separators=(",", ":")))
        mixed = '{"type":"t","scores":[1,2.5,3.0],"id":7}'
        a("floats-in-a-list", r, "whole and floating-point numbers in one list", signed=mixed, body=node("stringify", mixed))
        floats = '{"type":"t","price":5.0,"id":7,"count":2}'
        a("sorted-floats", r, "sorted, and 5.0 became 5", signed=floats, body=node("sorted", floats))

    def reserialized(self):
        a, s = self.add, self.s
        self.lossy()
        doc = raw(s.body)
        plain = compact(s.rich)
        r = "body_reserialized"
        # What receivers do, against what this sender writes.
        for name, held, comment in [
            ("json-stringify", node("stringify", doc), "JSON.stringify(JSON.parse(body))"),
            ("python", dumps(doc), "json.dumps(json.loads(body))"),
            ("python-unicode", dumps(doc, ensure_ascii=False), "json.dumps(ensure_ascii=False)"),
            ("python-compact", dumps(doc, separators=(",", ":")), "json.dumps(separators)"),
            ("pretty-2", node("pretty2", doc), "JSON.stringify(…, null, 2)"),
            ("pretty-4", node("pretty4", doc), "JSON.stringify(…, null, 4)"),
            ("tab", node("tab", doc), "JSON.stringify(…, null, '\\t')"),
            ("pretty-2-newline", dumps(doc, indent=2, ensure_ascii=False) + b"\n", "json.dumps(indent=2) and a line feed (jq)"),
            ("php", php(doc), "json_encode(json_decode(body))"),
            ("go", go(doc), "json.Marshal"),
        ]:
            if held != doc and held != doc + b"\n":
                same_but_strings = json.loads(held) == json.loads(doc) and held.count(b" ") == doc.count(b" ") and held.count(b"\n") == doc.count(b"\n")
                slashes = held.count(b"\\/") != doc.count(b"\\/")
                a(f"held-{name}", "body_unicode_escapes" if same_but_strings and not slashes else r, comment, body=held,
                  framework="express" if "stringify" in name else None)
        # What senders write, against JSON.stringify.
        for name, signed, comment in [
            ("python", dumps(s.rich), "signed as json.dumps writes it"), ("python-unicode", dumps(s.rich, ensure_ascii=False), "… with ensure_ascii=False"),
            ("php", php(s.rich), "signed as PHP writes it"), ("php-spaced", php(s.rich).replace(b",", b", "), None),
            ("pretty-2", node("pretty2", s.rich), "signed with two spaces"), ("pretty-4", node("pretty4", s.rich), "signed with four spaces"),
            ("tab", node("tab", s.rich), "signed with tabs"), ("pretty-newline", node("pretty2", s.rich) + b"\n", "signed with two spaces and a last line feed"),
            ("pretty-crlf", node("pretty2", s.rich).replace(b"\n", b"\r\n"), "signed on Windows"),
            ("colon-space", dumps(s.rich, ensure_ascii=False, separators=(",", ": ")), "signed with spaces after colons"),
            ("sorted", node("sorted", s.rich), "signed with sorted keys"),
        ]:
            if comment and signed != node("stringify", s.rich):
                a(f"signed-{name}", r, comment, signed=signed, body=node("stringify", s.rich))
        u = "body_unicode_escapes"
        for name, signed, held, comment in [
            ("escapes-decoded", dumps(s.rich, separators=(",", ":")), plain, "\\u00fc became ü"),
            ("escapes-made", plain, dumps(s.rich, separators=(",", ":")), "ü became \\u00fc"),
            ("escapes-lower", upper_escapes(s.rich), dumps(s.rich, separators=(",", ":")), "\\u00FC became \\u00fc"),
            ("escapes-upper", dumps(s.rich, separators=(",", ":")), upper_escapes(s.rich), "\\u00fc became \\u00FC"),
            ("html-escapes-made", plain, go(s.rich), "< became \\u003c"), ("html-escapes-decoded", go(s.rich), plain, "\\u003c became <"),
        ]:
            a(name, u, comment, signed=signed, body=held)
        a("slashes-escaped", r, "/ became \\/", signed=plain, body=plain.replace(b"/", b"\\/"))
        a("slashes-unescaped", r, "\\/ became /", signed=plain.replace(b"/", b"\\/"), body=plain)
        a("floats", r, "1.0 became 1", signed='{"amount":10.0,"ratio":0.5,"name":"x"}', body=node("stringify", '{"amount":10.0,"ratio":0.5,"name":"x"}'))
        a("floats-python", r, "1.0 became 1, and Python's spaces went", signed='{"amount": 10.0, "count": 3}', body=node("stringify", '{"amount": 10.0, "count": 3}'))
        a("floats-cents", r, "19.90 became 19.9", signed='{"price":19.90,"tax":1.00,"n":2}', body=node("stringify", '{"price":19.90,"tax":1.00,"n":2}'))
        a("floats-exponent", r, "1e+16 became 10000000000000000", signed=json.dumps({"n": 1e16, "m": 1e-5}), body=node("stringify", json.dumps({"n": 1e16, "m": 1e-5})))
        a("big-integer", r, "an id beyond 2^53", signed='{"id":1234567890123456789,"ok":true}', body=node("stringify", '{"id":1234567890123456789,"ok":true}'))
        a("big-integer-twice", r, "the same id twice", signed='{"id":987654321098765432,"user":{"id":987654321098765432}}', body=node("stringify", '{"id":987654321098765432,"user":{"id":987654321098765432}}'))
        a("empty-object-php", r, "{} became [] in PHP", signed='{"meta":{},"list":[],"a":1}', body='{"meta":[],"list":[],"a":1}')
        a("sorted-small", r, "keys sorted: a small object", signed='{"type":"t","id":7,"data":{"name":"x","age":3}}', body=node("sorted", '{"type":"t","id":7,"data":{"name":"x","age":3}}'))

        small = '{"type":"t","id":7,"data":{"name":"x","age":3}}'
        a("reordered-small", r, "keys in a hash map's order", signed=small, body=reordered(small))

    def secrets(self):
        a, s = self.add, self.s
        w = s.secret
        text = s.key_is_text
        for name, held, comment in [("newline", w + "\n", "read from a file"), ("crlf", w + "\r\n", "read from a Windows file"), ("space", w + " ", "pasted"), ("space-before", " " + w, "pasted"),
                                    ("tab", w + "\t", "pasted"), ("bom", "\ufeff" + w, "a file with a mark"), ("zero-width", w[:8] + "\u200b" + w[8:], "from a web page"),
                                    ("no-break-space", w + "\u00a0", "from a web page"), ("soft-hyphen", w[:6] + "\u00ad" + w[6:], "from a web page"), ("direction", "\u200e" + w, "from a web page"), ("literal-n", w + "\\n", "backslash and n from an env file"), ("inside", w[:10] + "\n" + w[10:], "wrapped in a terminal")]:
            if " " in w and name in ("inside", "literal-n"):
                continue
            a(f"secret-{name}", "secret_whitespace", comment, secret=held)
        for name, held in [("double", f'"{w}"'), ("single", f"'{w}'"), ("typographic", f"“{w}”"), ("list", f'["{w}"]'), ("comma", f'"{w}",'), ("json", json.dumps({"SECRET": w})), ("left", f'"{w}')]:
            a(f"secret-quoted-{name}", "secret_quoted", "quotes around it", secret=held)
        a("secret-quoted-newline", "secret_whitespace secret_quoted", "quotes and a line feed", secret=f'"{w}"\n')
        if s.known_prefix:
            if text:
                a("secret-prefix-stripped", "secret_prefix", "copied without its prefix", secret=w.removeprefix(s.known_prefix))
            a("secret-prefix-twice", "secret_prefix", "the prefix twice", secret=s.known_prefix + w)
        if text:
            a("secret-prefix-added", "secret_prefix", "a prefix that is not the sender's", secret="whsec_" + w if not w.startswith("whsec_") else "plane_wh_" + w)
        a("secret-prefix-variable", "secret_prefix", "the whole line of an env file", secret="WEBHOOK_SECRET=" + w)
        a("secret-prefix-yaml", "secret_prefix", "the whole line of a YAML file", secret="webhook_secret: " + w)
        a("secret-base64", "secret_encoding", "a Kubernetes secret, still encoded", secret=b64(w))
        a("secret-base64-newline", "secret_encoding secret_whitespace", "the same, made with echo", secret=b64(w + "\n"))
        a("secret-percent", "secret_encoding", "percent-encoded", secret=f"%{ord(w[0]):02X}" + urllib.parse.quote(w[1:], safe=""))
        a("secret-hex-of-text", "secret_encoding", "hex of the text", secret=raw(w).hex())
        if s.decoded_key:
            key = s.key(w)
            a("secret-as-hex", "secret_encoding", "the key in hex", secret=key.hex())
            a("secret-decoded", "secret_encoding", "decoded, its bytes kept as text", secret=key.decode("latin-1"))
            a("secret-api-key", "secret_wrong_kind", "an API key of somebody", secret="sk_live_51AbC", proven=False)
            a("secret-not-base64", "", "nobody knows what that is", secret="not-a-secret", code="secret_not_decodable")
            a("secret-not-decoded", "secret_encoding", "the sender signs with the text itself", digest=mac(w, s.content(raw(s.body), SENT, s.ident)))
            a("secret-not-decoded-bare", "secret_encoding", "… without whsec_", digest=mac(w.removeprefix("whsec_"), s.content(raw(s.body), SENT, s.ident)))
        else:
            t = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            h = "00112233445566778899aabbccddeeff"
            c = s.content(raw(s.body), SENT, s.ident)
            a("secret-decoded-base64", "secret_encoding", "the sender decodes base64", secret=t, right=t, digest=mac(base64.b64decode(t), c, s.algorithm))
            a("secret-decoded-hex", "secret_encoding", "the sender decodes hex", secret=h, right=h, digest=mac(bytes.fromhex(h), c, s.algorithm))
            a("secret-decoded-whsec", "secret_encoding", "the sender decodes what follows whsec_", secret="whsec_" + t, right="whsec_" + t, digest=mac(base64.b64decode(t), c, s.algorithm))
        a("secret-empty", "secret_empty", "an unset variable", secret="", code="secret_empty", proven=False)
        a("secret-undefined", "secret_empty", "the word undefined", secret="undefined", proven=False)
        for name, held in [("mustache", "{{ .Values.webhookSecret }}"), ("name", "WEBHOOK_SECRET"), ("quotes", '""')]:
            a(f"secret-empty-{name}", "secret_empty", "a placeholder that nobody filled in", secret=held, proven=False)
        for kind, name in s.wrong_kinds:
            a(f"secret-kind-{name}", "secret_wrong_kind", "another kind of key", secret=kind, code="secret_wrong_kind", proven=False)
        if not s.asymmetric:
            a("secret-kind-public", "secret_wrong_kind", "an Ed25519 key", secret="whpk_" + b64(PUBLIC), proven=False)
        a("secret-kind-pem", "secret_wrong_kind", "a key in PEM", secret="-----BEGIN PUBLIC KEY-----\n" + b64(bytes(44)) + "\n-----END PUBLIC KEY-----\n", proven=False)
        a("secret-expired", "secret_expired", "the old secret of a rotation", secrets=[("new", s.other_secret), ("old", w, NOW - 60)], evidence={"key": "old"})
        a("secret-second", "", "the second secret is the right one", secrets=[("new", s.other_secret), ("old", w)], code="valid")
        a("secret-second-newline", "secret_whitespace", "the second secret is the right one, but for a line feed", secrets=[("new", s.other_secret), ("old", w + "\n")])

    def signatures(self):
        a, s = self.add, self.s
        d = s.digest(s.body)
        good, p = s.encode(d), s.prefix
        wrong = s.encode(bytes(range(len(d))))
        e, h, c = "signature_encoding", "header_prefix", "header_conflict"
        if p and not s.prefix_optional:
            a("prefix-missing", h, "no prefix", token=good)
            a("prefix-twice", h, "the prefix twice", token=p + p + good)
            a("prefix-upper", h, "the prefix in upper case", token=p.upper() + good)
            a("prefix-other", h, "another sender's prefix", token=("hmac=" if p != "hmac=" else "v5=") + good)
        elif not p:
            a("prefix-added", h, "a prefix that is not the sender's", token="sha256=" + good)
            a("prefix-word", h, "a word before it", token="Bearer " + good)
        if s.hexadecimal:
            a("as-base64", e, "base64 of the bytes", token=p + b64(d))
            a("as-base64-of-hex", e, "base64 of the hex text", token=p + b64(good))
            a("as-base64url", e, "URL-safe base64", token=p + base64.urlsafe_b64encode(d).decode().rstrip("="))
            a("hex-colons", e, "colons between the bytes", token=p + d.hex(":"))
            a("hex-0x", e, "0x before it", token=p + "0x" + good)
            a("upper-case", "", "upper-case hex is taken", token=p + good.upper(), code="valid")
        else:
            a("as-hex", e, "hex of the bytes", token=p + d.hex())
            a("as-hex-upper", e, "hex in upper case", token=p + d.hex().upper())
            a("as-base64url", e if set(good) & set("+/") else "", "URL-safe base64", token=p + base64.urlsafe_b64encode(d).decode(), code=None if set(good) & set("+/") else "valid")
            a("upper-case", e, "base64 in upper case", token=p + good.upper())
            a("lower-case", e, "base64 in lower case", token=p + good.lower())
            a("base64-of-hex", e, "base64 of the hex text", token=p + b64(d.hex()))
            a("base64-twice", e, "base64 of the base64 text", token=p + b64(good))
        a("cut-end", "signature_truncated", "the end is cut off", token=p + good[:-10])
        a("cut-half", "signature_truncated", "half of it is left", token=p + good[:len(good) // 2])
        a("quoted", e, "the header in quotes", value='"' + s.value(p + good) + '"')
        value, bad = s.value(p + good), s.value(p + wrong)
        name = s.signature
        rest = [x for x in s.headers(value) if x[0] != name]
        a("repeated", c, "two headers, the last is right", headers=[*rest, (name, bad), (name, value)])
        a("repeated-first", c, "two headers, the first is right", headers=[*rest, (name, value), (name, bad)])
        if not s.listed or s.time_field:
            other = f"t={SENT - 77},{p}{wrong}" if s.time_field else bad
            a("joined", c, "two headers joined by a proxy", headers=[*rest, (name, f"{other}, {value}")])
            a("joined-first", c, "two headers joined by a proxy, the first is right", headers=[*rest, (name, f"{value}, {other}")])
        m = "header_missing"
        a("header-missing", m, "a proxy dropped the signature", headers=rest, code="header_missing", proven=False)
        a("header-environ", m, "names as WSGI and CGI write them", headers=[("HTTP_" + n.upper().replace("-", "_"), v) for n, v in s.headers(value)], proven=True, framework="flask")
        a("header-underscore", m, "underscores in the names", headers=[(n.replace("-", "_"), v) for n, v in s.headers(value)], proven=True)
        # Another sender's delivery, its secret with it.
        for other in SENDERS.values():
            if other.name in (s.name, "custom") or other.signature == s.signature and s.name != "custom" or s.name in other.twins:
                continue
            try:
                digest = other.digest(other.body, secret=s.secret)
            except Exception:
                continue
            if other.decoded_key != s.decoded_key:
                continue
            a(f"other-sender-{other.file}", "header_other_sender", "another sender's delivery", signed=other.body, digest=digest,
              headers=other.headers(other.value(other.prefix + other.encode(digest))), evidence={"sender": other.twins[0] if other.name == "resend" else other.name})

    def times(self):
        a, s = self.add, self.s
        t, k = "timestamp_format", "clock_skew"

        def moved(id, causes, comment, text, ts=SENT, **more):
            value = s.value(s.prefix + s.encode(s.digest(s.body, ts)), ts)
            pairs = s.headers(value, ts)
            if s.time_field:
                pairs = [(n, v.replace(f"t={ts}", f"t={text}")) for n, v in pairs]
            else:
                pairs = [(n, text if n == s.timestamp else v) for n, v in pairs]
            a(id, causes, comment, ts=ts, headers=pairs, **more)

        moved("time-ms", t, "milliseconds", f"{SENT}000")
        moved("time-ms-exact", t, "milliseconds", f"{SENT}123")
        moved("time-iso", t, "ISO 8601", "2025-12-31T23:59:50Z")
        moved("time-iso-ms", t, "ISO 8601 of JavaScript", "2025-12-31T23:59:50.000Z")
        moved("time-fraction", t, "Python's time.time()", f"{SENT}.123456")
        if not s.time_field:
            moved("time-words", t, "JavaScript's Date", "Wed Dec 31 2025 23:59:50 GMT+0000 (Coordinated Universal Time)")
            moved("time-grouped", t, "printed with commas", f"{SENT:,}")
            moved("time-grouped-secret", t, "printed with commas, and another endpoint's secret: no header is there twice", f"{SENT:,}", secret=s.other_secret, proven=False)
            moved("time-date", t, "an HTTP date", formatdate(SENT, usegmt=True))
        moved("time-other", "timestamp_replaced", "the timestamp of another delivery, two minutes later", str(SENT + 120))
        moved("time-now", "timestamp_replaced", "set anew on arrival", str(NOW))
        ms = s.digest(s.body, f"{SENT}000")
        a("time-signed-ms", t, "the sender signs milliseconds", ts=f"{SENT}000", digest=ms)
        for name, ts, seconds, direction in [("past", NOW - 301 - 3600, 3901, "past"), ("past-day", NOW - 90000, 90000, "past"), ("future", NOW + 400, 400, "future"), ("past-edge", NOW - 301, 301, "past"),
                                             ("future-zone", NOW + 7200 - 10, 7190, "future")]:
            a(f"clock-{name}", k, f"{seconds} s in the {direction}", ts=ts, evidence={"direction": direction, "skew_seconds": seconds}, proven=True)
        a("clock-newline", "body_newline_added " + k, "stale, and a line feed", ts=NOW - 1000, body=raw(s.body) + b"\n")
        if not s.time_field:
            pairs = s.headers(s.value(s.prefix + s.encode(s.digest(s.body))))
            a("time-missing", "header_missing", "a proxy dropped the timestamp", headers=[x for x in pairs if x[0] != s.timestamp], code="header_missing")
            a("time-repeated", "header_conflict", "two timestamps, the last is right", headers=[(s.timestamp, str(SENT - 50)), *pairs])

    def contents(self):
        a, s = self.add, self.s
        doc = raw(s.body)
        g = "signed_content"
        m = lambda content: mac(s.key(s.secret), content, s.algorithm)
        if s.timed:
            a("content-body-only", g, "signed over the body alone", digest=m(doc), evidence={"signed": "{body}"})
            for name, content in [("colon", raw(f"{SENT}:") + doc), ("nothing", raw(f"{SENT}") + doc), ("after", doc + raw(f".{SENT}")), ("slack", raw(f"v0:{SENT}:") + doc)]:
                if content != s.content(doc, SENT, s.ident):
                    a(f"content-{name}", g, "another template", digest=m(content))
        if s.ident:
            a("content-no-id", g, "the id left out", digest=m(raw(f"{SENT}.") + doc), evidence={"signed": "{timestamp}.{body}"})
            a("content-no-time", g, "the time left out", digest=m(raw(f"{s.ident}.") + doc))
            pairs = s.headers(s.value(s.prefix + s.encode(s.digest(doc))))
            a("id-missing", "header_missing", "a proxy dropped the id", headers=[x for x in pairs if x[0] != s.id_header], code="header_missing", proven=False)
            a("id-repeated", "header_conflict", "two ids, the last is right", headers=[(s.id_header, "msg_other"), *pairs])

    def pairs(self):
        a, s = self.add, self.s
        doc, w = raw(s.body), s.secret
        js = node("stringify", doc)
        stringified = "body_reserialized" if js != doc else None
        a("pair-secret-newline-body-newline", "secret_whitespace body_newline_added", "a line feed in both", secret=w + "\n", body=doc + b"\n")
        a("pair-secret-quoted-bom", "secret_quoted body_bom_added", "quotes and a mark", secret=f'"{w}"', body=BOM + doc)
        a("pair-secret-base64-newline", "secret_encoding body_newline_added", "an encoded secret and a line feed", secret=b64(w), body=doc + b"\n")
        if stringified:
            a("pair-secret-newline-stringify", "secret_whitespace body_reserialized", "a line feed and JSON.stringify", secret=w + "\n", body=js)
            a("pair-secret-encoded-stringify", "secret_encoding body_reserialized", "an encoded secret and JSON.stringify", secret=b64(w), body=js)
            a("pair-base64-stringify", "body_base64 body_reserialized", "base64 of JSON.stringify", body=node("base64", js))
            a("pair-bom-stringify", "body_bom_added body_reserialized", "JSON.stringify and a mark", body=BOM + js)
        held = dumps(doc, indent=4)
        a("pair-bom-pretty", "body_bom_added body_reserialized", "a mark and four spaces", body=BOM + held)
        a("pair-gzip-newline", "body_compressed body_newline_added", "a line feed, then gzip", body=gzip.compress(doc + b"\n", mtime=0))
        a("pair-string-base64", "body_double_encoded body_base64", "base64 in a JSON string", body=json.dumps(b64(doc)))
        a("pair-crlf-bom", "body_bom_added body_line_endings", "Notepad", signed=dumps(doc, indent=2), body=BOM + dumps(doc, indent=2).replace(b"\n", b"\r\n"))
        good = s.encode(s.digest(doc))
        if s.prefix and not s.prefix_optional:
            a("pair-prefix-newline", "header_prefix body_newline_added", "no prefix and a line feed", token=good, body=doc + b"\n")
            a("pair-prefix-secret", "secret_whitespace header_prefix", "no prefix and a line feed after the secret", token=good, secret=w + "\n")
        a("pair-cut-newline", "signature_truncated body_newline_added", "a cut signature and a line feed", token=s.prefix + good[:-8], body=doc + b"\n")
        a("pair-expired-newline", "secret_expired body_newline_added", "an expired secret and a line feed", secrets=[("new", s.other_secret), ("old", w, NOW - 1)], body=doc + b"\n")
        if s.timed:
            a("pair-content-newline", "body_newline_added signed_content", "body alone, and a line feed", digest=mac(s.key(w), doc, s.algorithm), body=doc + b"\n")
            value = s.value(s.prefix + good)
            pairs = [(n, v.replace(str(SENT), f"{SENT}000")) if (n == s.timestamp or s.time_field and n == s.signature) else (n, v) for n, v in s.headers(value)]
            a("pair-ms-newline", "timestamp_format body_newline_added", "milliseconds and a line feed", headers=pairs, body=doc + b"\n")
        if s.known_prefix and s.key_is_text:
            a("pair-secret-prefix-newline", "secret_prefix body_newline_added", "a stripped prefix and a line feed", secret=w.removeprefix(s.known_prefix), body=doc + b"\n")
            if stringified:
                a("pair-secret-prefix-stringify", "secret_prefix body_reserialized", "a stripped prefix and JSON.stringify", secret=w.removeprefix(s.known_prefix), body=js)

    def lost(self):
        """What cannot be undone, but shows."""
        a, s = self.add, self.s
        doc = raw(s.body)
        long = compact(json.dumps({**json.loads(s.body), "pad": "x" * 900}))
        length = [("Content-Length", str(len(long)))]
        for name, held in [("empty", b""), ("object", b"{}"), ("null", b"null"), ("to-string", node("object", long))]:
            a(f"consumed-{name}", "body_empty", "the body was read before", signed=long, body=held, extra=length, proven=False, framework="express")
        a("truncated", "body_truncated", "cut in the middle", signed=long, body=long[:512], extra=length, proven=False, framework="actix")
        a("truncated-no-length", "body_truncated", "cut in the middle, no Content-Length", signed=long, body=long[:500], proven=False)
        zipped = gzip.compress(long, mtime=0)
        wide = '{"a":1,"b":[2,3,4],"c":"日本語","d":4,"e":5}'.encode()
        a("to-latin1-lost", "body_charset", "written as Latin-1, which lacks most of the characters", signed=wide, body=node("toLatin1", wide), extra=[("Content-Length", str(len(wide)))], proven=False)
        a("decompressed", "body_decompressed", "gzip was signed and taken off", signed=zipped, body=long, extra=[("Content-Encoding", "gzip"), ("Content-Length", str(len(zipped)))], proven=False, framework="express")
        a("decompressed-no-length", "body_decompressed", "the same without Content-Length", signed=gzip.compress(doc, mtime=0), body=doc, extra=[("Content-Encoding", "br")], proven=False)
        if not s.timed:
            a("malformed-cut", "signature_truncated", "a short signature of something else", token=s.prefix + s.encode(bytes(range(20))), code="header_malformed", proven=False)

    def negatives(self):
        """No known mistake: the answer is unknown."""
        a, s = self.add, self.s
        doc = raw(s.body)
        n = "no known mistake undoes it"
        a("unknown-tampered", "", n, body=tampered(doc), code="signature_mismatch")
        a("unknown-tampered-with-length", "", n, body=tampered(doc), extra=[("Content-Length", str(len(doc)))], code="signature_mismatch")
        a("unknown-secret", "", "another endpoint's secret", secret=s.other_secret, code="signature_mismatch")
        by_key = json.dumps(json.loads(s.body), sort_keys=True)
        a("unknown-secret-sorted", "", "sorted keys as they came, and another endpoint's secret", signed=by_key, secret=s.other_secret, code="signature_mismatch")
        a("unknown-field-added", "body_length", "a field more: the length shows it", body=json.dumps({**json.loads(s.body), "more": 1}), extra=[("Content-Length", str(len(doc)))], code="signature_mismatch", proven=False)
        more = compact(json.dumps({**json.loads(s.body), "pad": "x" * 900}))
        a("unknown-field-lost", "body_length", "a field less, and another endpoint's secret", signed=more, secret=s.other_secret, body=doc, extra=[("Content-Length", str(len(more)))], code="signature_mismatch", proven=False, evidence={"lost_bytes": len(more) - len(doc)})
        a("unknown-empty", "", "an empty body that was sent so, and another endpoint's secret", signed=b"", body=b"", secret=s.other_secret, code="signature_mismatch")
        a("unknown-empty-object", "", "an empty object that was sent so, and another endpoint's secret", signed=b"{}", body=b"{}", secret=s.other_secret, code="signature_mismatch")
        a("unknown-empty-no-length", "", "an empty body, and nothing says that there was another", signed=more, body=b"", code="signature_mismatch")
        a("unknown-garbage", "", "random bytes", body=hashlib.sha512(b"garbage").digest() * 4, code="signature_mismatch")
        a("unknown-form", "", "a form that has nothing to do with it", body="a=1&b=2", code="signature_mismatch")
        a("unknown-signature", "", "the signature of something else", token=s.prefix + s.encode(mac("other", "other", s.algorithm)), code="signature_mismatch")
        a("unknown-secret-and-body", "", "tampered, with another secret", secret=s.other_secret, body=tampered(doc), code="signature_mismatch")
        flipped = bytearray(doc)
        flipped[-2] ^= 4
        a("unknown-bit", "", "a bit near the end", body=bytes(flipped), code="signature_mismatch")


def tampered(body):
    """Another value of the same length."""
    at = body.index(b'"id"') if b'"id"' in body else body.index(b'":')
    digits = next(i for i in range(at + 4, len(body)) if body[i:i + 1].isalnum())
    return body[:digits] + (b"9" if body[digits:digits + 1] != b"9" else b"8") + body[digits + 1:]


def gzip_named(body):
    """A gzip member with a file name and a comment, as command-line tools write it."""
    deflated = zlib.compress(body, wbits=-15)
    trailer = zlib.crc32(body).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return b"\x1f\x8b\x08\x18" + bytes(6) + b"body.json\0comment\0" + deflated + trailer


RICH = ('{"type":"user.created","url":"https://example.com/a/b","name":"Zoë Müller – 日本 🚀","html":"<b>Q&A</b>","lines":"a\\nb\\t\\"c\\"",'
        '"count":3,"ratio":0.25,"ok":true,"none":null,"list":[1,"two",{"three":[]}],"meta":{"id":"m_1"}}')


class Plain(Sender):
    key_is_text, known_prefix, wrong_kinds, asymmetric, prefix_optional, twins = True, "", [], False, False, ()
    rich = RICH

    @property
    def file(self):
        return self.name


class Plane(Plain):
    name, secret, other_secret = "plane", "plane_wh_3f0c5a9e7b6d4c1f8e2a90b1c2d3e4f5", "plane_wh_00000000000000000000000000000001"
    signature, known_prefix = "X-Plane-Signature", "plane_wh_"
    wrong_kinds = [("plane_api_0123456789abcdef", "api")]
    body = json.dumps({"event": "issue", "action": "updated", "webhook_id": "f1a2fe64-c8d4", "workspace_id": "c467e125-59e3", "data": {
        "id": "9a28bd00-ed9c", "labels": [], "name": "Crash on <save> – Zürich a/b", "sort_order": 65535.0, "sequence_id": 42, "target_date": None},
        "activity": {"field": "name", "new_value": "x", "old_value": None, "actor": {"id": "6bb20d1c", "display_name": "zoë 🚀"}}})


class GitHub(Plain):
    name, secret, other_secret = "github", "It's a Secret to Everybody", "It's another Secret"
    signature, prefix = "X-Hub-Signature-256", "sha256="
    wrong_kinds = [("ghp_0123456789abcdef", "token")]
    body = '{"action":"opened","issue":{"id":109948940,"title":"Spelling in the README – Zürich","body":"a/b <c>","labels":[]},"sender":{"login":"octocat","id":1}}'


class Stripe(Plain):
    name, secret, other_secret = "stripe", "whsec_test_secret", "whsec_other_secret"
    signature, prefix, timed, time_field, listed, known_prefix = "Stripe-Signature", "v1=", True, True, True, "whsec_"
    wrong_kinds = [("sk_live_51AbC", "live"), ("pk_test_51AbC", "publishable")]
    body = json.dumps({"id": "evt_1", "object": "event", "api_version": "2026-07-29.dahlia", "created": NOW - 20, "data": {"object": {
        "id": "in_1", "object": "invoice", "amount_paid": 4900, "customer_name": "Zoë / Müller <x>", "lines": []}}, "livemode": False,
        "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None}, "type": "invoice.paid"}, indent=2, ensure_ascii=False)


class SvixLike(Plain):
    secret, other_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    hexadecimal, timed, listed, decoded_key, key_is_text, known_prefix = False, True, True, True, False, "whsec_"
    ident, prefix = "msg_p5jXN8AQM9LWM0D4loKWxJek", "v1,"
    body = '{"type":"user.created","timestamp":"2025-12-31T23:59:50Z","data":{"id":"usr_1","name":"Zoë – a/b","tags":["<x>"]}}'


class Svix(SvixLike):
    name, signature, timestamp, id_header, asymmetric, twins = "svix", "svix-signature", "svix-timestamp", "svix-id", True, ("resend",)


class StandardWebhooks(SvixLike):
    name, signature, timestamp, id_header, asymmetric = "standard-webhooks", "webhook-signature", "webhook-timestamp", "webhook-id", True


class Resend(SvixLike):
    name, signature, timestamp, id_header, twins = "resend", "svix-signature", "svix-timestamp", "svix-id", ("svix",)
    wrong_kinds = [("re_123456789", "api")]
    body = ('{"type":"email.bounced","created_at":"2026-01-01T00:00:00.000Z","data":{"email_id":"56761188-7520","created_at":"2025-12-31T23:59:00.000Z",'
            '"from":"Ops <ops@example.com>","to":["zoe@example.com"],"subject":"Trip – confirmée a/b"}}')


class PlanDocket(Plain):
    name, secret, other_secret = "plandocket", "your_webhook_secret", "your_other_secret"
    signature, timestamp, prefix, timed, listed = "X-Webhook-Signature", "X-Webhook-Timestamp", "v1=", True, True
    body = '{"event":"invoice.paid","id":"evt_1","data":{"invoice_id":77,"company":"Müller & Söhne – a/b"}}'


class Planasonix(Plain):
    name, secret, other_secret = "planasonix", "whsec_01jq8secretxxxxxxxxxxxxxxxx", "whsec_01jq8otherxxxxxxxxxxxxxxxxx"
    signature, timestamp, prefix, timed, listed, known_prefix = "X-Planasonix-Signature", "X-Planasonix-Timestamp", "v1=", True, True, "whsec_"
    body = '{"event_id":"evt_1","event":"job.failed","data":{"job_id":"job_1","error":"lease lost – Zürich a/b <c>"}}'

    def content(self, body, ts, ident):
        return raw(f"{ts}.") + body if body else raw(str(ts))


class PlaneConnection(Plain):
    name, secret, other_secret = "planeconnection", "whsec_your_signing_secret", "whsec_your_other_secret"
    signature, prefix, known_prefix = "X-Webhook-Signature", "sha256=", "whsec_"
    body = '{"id":"evt_1","type":"trip.created","workspace_id":"ws_skyline","timestamp":"2025-12-31T23:59:50Z","data":{"trip_id":"trip_abc123","crew":"Zoë – a/b <c>"}}'


class Custom(Plain):
    name, secret, other_secret, file = "custom", "8f742231b10e8888abcd99yyyzzz85a5", "another-secret-of-ours", "custom"
    signature, timestamp, prefix, timed = "X-Acme-Signature", "X-Acme-Timestamp", "v0=", True
    scheme = {"signature": {"header": "X-Acme-Signature", "prefix": "v0=", "encoding": "hex"}, "timestamp": {"header": "X-Acme-Timestamp"}, "signed": "v0:{timestamp}:{body}", "key": "utf8"}
    body = '{"kind":"order.paid","order":{"id":7,"note":"Zürich – a/b <c>"},"total":12.5}'

    def content(self, body, ts, ident):
        return raw(f"v0:{ts}:") + body


class CustomBare(Plain):
    """Hex over the body alone: what most home-made webhooks do."""
    name, secret, other_secret, file = "custom", "a-rather-long-secret-of-ours-01", "another-secret-of-ours-02", "custom-bare"
    signature = "X-Sig"
    scheme = {"signature": {"header": "X-Sig", "encoding": "hex"}, "signed": "{body}", "key": "utf8"}
    body = '{"kind":"order.paid","order":{"id":7,"note":"Zürich – a/b <c>"},"total":12.5}'


SENDERS = {cls.__name__: cls() for cls in (Plane, GitHub, Stripe, Svix, StandardWebhooks, Resend, PlanDocket, Planasonix, PlaneConnection, Custom, CustomBare)}


def captured(file, names):
    """The sender's own deliveries, broken."""
    s = file.s
    for name in names:
        d = DELIVERIES[s.name][name]
        body, id = raw(d["body"]), "".join(c if c.isalnum() else "-" for c in name.lower())
        more = {"headers": d["headers"], "secret": d["secret"], "right": d["secret"], "signed": body, "digest": mac(d["secret"], body), "now": d.get("now", NOW)}
        file.add(f"captured-{id}-stringify", "body_reserialized", "the sender's own delivery through JSON.stringify", body=node("stringify", body), **more)
        file.add(f"captured-{id}-sorted", "body_reserialized", "json.dumps(sort_keys=True)", body=dumps(body, sort_keys=True), **more)
        file.add(f"captured-{id}-serde", "body_reserialized", "through a sorted map, compact (Rust's serde_json, Go)", body=dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")), **more)
        file.add(f"captured-{id}-pretty", "body_reserialized", "JSON.stringify(…, null, 2)", body=node("pretty2", body), **more)
        file.add(f"captured-{id}-secret", "secret_whitespace body_reserialized", "the same, and a line feed after the secret", body=node("stringify", body), **{**more, "secret": d["secret"] + "\n"})
        file.add(f"captured-{id}-cut", "body_truncated", "half of it", body=body[: len(body) // 2], proven=False, **more)
        file.add(f"captured-{id}-tampered", "", "another value", body=tampered(body), code="signature_mismatch", **more)


def extra_plane(f):
    captured(f, ["v1.3.1/issue.created.unicode", "v1.3.1/issue.updated.label_ids.list_values", "v1.3.1/project.deleted", "v1.3.1/issue_comment.created"])


def extra_stripe(f):
    a, s = f.add, f.s
    a("sorted", "body_reserialized", "keys sorted by a map", body=dumps(s.body, sort_keys=True, ensure_ascii=False, separators=(",", ":")))
    g = s.encode(s.digest(s.body))
    a("no-time", "header_prefix", "only the signature was passed", value="v1=" + g, proven=None)
    a("bare", "header_prefix", "only the hex was passed", value=g)
    a("v0", "header_prefix", "under v0", value=f"t={SENT},v0={g}")


def extra_svix(f):
    a, s = f.add, f.s
    good = s.encode(s.digest(s.body))
    plus = next(i for i in range(1000) if "+" in s.encode(s.digest(s.body, SENT - i)))
    signed = s.encode(s.digest(s.body, SENT - plus))
    a("plus-to-space", "signature_encoding", "+ became a space", ts=SENT - plus, value="v1," + signed.replace("+", " "))
    a("percent-encoded", "signature_encoding", "percent-encoded", value=urllib.parse.quote("v1," + good, safe=""))
    a("secret-v1-prefix", "", "Supabase shows v1,whsec_…", secret="v1," + s.secret, code="valid")
    a("secret-v1-list", "", "and several of them joined by |", secret=f"v1,{s.other_secret}|v1,{s.secret}", code="valid")
    a("secret-v1-list-and-newline", "body_newline_added", "a newline was added; the secret is the second of a list", secret=f"v1,{s.other_secret}|v1,{s.secret}", body=s.body + "\n")
    if s.asymmetric:
        content = s.content(raw(s.body), SENT, s.ident)
        token = "v1a," + b64(SIGNER.sign(content))
        public = "whpk_" + b64(PUBLIC)
        a("ed25519-valid", "", "a public key", token=token, secret=public, code="valid")
        a("ed25519-newline", "body_newline_added", "a line feed", token=token, secret=public, body=raw(s.body) + b"\n")
        a("ed25519-stringify", "body_reserialized", "written again", token=token, secret=public, body=dumps(s.body))
        a("ed25519-secret-newline", "secret_whitespace", "a line feed after the public key", token=token, secret=public + "\n")
        a("ed25519-shared-secret", "secret_wrong_kind", "a shared secret where Ed25519 signs", token=token, proven=False)
        a("ed25519-public-key", "secret_wrong_kind", "a public key where HMAC signs", secret=public, proven=False)
        a("ed25519-tampered", "", "tampered", token=token, secret=public, body=tampered(raw(s.body)), code="signature_mismatch")


def extra_planasonix(f):
    a, s = f.add, f.s
    d = mac(s.secret, s.body)
    a("body-only", "signed_content", "the raw-body signature of the Orchestration page", digest=d, evidence={"dialect": "body-only"})


def extra_planeconnection(f):
    a, s = f.add, f.s
    g = s.encode(s.digest(s.body))
    a("settings-newline", "body_newline_added", "the other dialect", headers=[("X-PlaneConnection-Signature", g)], body=raw(s.body) + b"\n")
    a("both-newline", "body_newline_added", "both dialects", headers=[(s.signature, "sha256=" + g), ("X-PlaneConnection-Signature", g)], body=raw(s.body) + b"\n")
    a("pinned-other", "header_missing", "pinned to the other dialect", headers=[("X-PlaneConnection-Signature", g)], options={"dialect": "api"})
    a("unsigned-time-malformed", "timestamp_format", "an unsigned timestamp in Unix seconds", extra=[("X-Webhook-Timestamp", str(SENT))], code="header_malformed")
    a("unsigned-time-stale", "clock_skew", "two days old", extra=[("X-Webhook-Timestamp", "2025-12-30T00:00:00Z")], code="timestamp_too_old")
    a("plandocket", "header_other_sender", "PlanDocket has the same header names", headers=[(s.signature, "v1=" + mac(s.secret, f"{SENT}.{s.body}").hex()), ("X-Webhook-Timestamp", str(SENT))],
      digest=mac(s.secret, f"{SENT}.{s.body}"), evidence={"sender": "plandocket"})


def extra_github(f):
    a, s = f.add, f.s
    sha1 = mac(s.secret, s.body, "sha1")
    a("sha1-in-sha256", "header_prefix signature_algorithm", "the old signature in the new header", value="sha1=" + sha1.hex(), digest=sha1)
    a("tolerance-irrelevant", "", "no timestamp, no staleness", now=NOW + 10**8, code="valid")
    form = node("form", s.body)
    a("form", "body_form", "a form, as the sender has it by default", signed=form, code="valid", proven=False, evidence={"field": "payload"})
    a("form-sender-text", "body_form payload_differs", "a form, and a text where an object belongs", signed=node("form", '{"sender":"octocat"}'), code="valid", proven=False,
      evidence={"path": "sender", "found": "a text", "expected": "an object"})
    a("not-json", "payload_differs", "text", signed="Hello, World!", code="valid", proven=False, evidence={"path": "", "found": "text that is no JSON", "expected": "JSON"})


def extra_resend(f):
    extra_svix(f)
    a, body = f.add, json.loads(f.s.body)
    differs = {"code": "valid", "proven": False}
    a("to-text", "payload_differs", "a text where a list belongs", signed=compact(json.dumps({**body, "data": {**body["data"], "to": "zoe@example.com"}})), evidence={"path": "data.to", "found": "a text", "expected": "a list"}, **differs)
    a("data-text", "payload_differs", "a payload that is refused", signed=compact(json.dumps({**body, "data": "x"})), evidence={"path": "data", "found": "a text", "expected": "an object"}, **differs)


def extra_custom(f):
    a, s = f.add, f.s
    doc = raw(s.body)
    bare = {"signature": {"header": "X-Sig", "encoding": "hex"}, "signed": "{body}"}
    key = bytes(range(32))
    for name, format, secret, right, comment in [
        ("hex-as-text", "utf8", key.hex(), key, "the sender decodes hex"), ("text-as-hex", "hex", key.hex(), raw(key.hex()), "the sender does not decode"),
        ("base64-as-text", "utf8", b64(key), key, "the sender decodes base64"), ("text-as-base64", "base64", b64(key), raw(b64(key)), "the sender does not decode"),
        ("hex-as-base64", "base64", key.hex(), key, "hex, not base64"),
    ]:
        d = mac(right, doc)
        a(f"key-{name}", "secret_encoding", comment, scheme={**bare, "key": format}, secret=secret, right=secret, headers=[("X-Sig", d.hex())], digest=d)
    for name, algorithm, wrong in [("sha512", "sha512", "hmac-sha256"), ("sha1", "sha1", "hmac-sha256"), ("sha256", "sha256", "hmac-sha512")]:
        d = mac(s.secret, doc, algorithm)
        a(f"algorithm-{name}", "signature_algorithm", "another algorithm", scheme={**bare, "key": "utf8", "algorithm": wrong}, headers=[("X-Sig", d.hex())], digest=d)
    ms = {**bare, "key": "utf8", "timestamp": {"header": "X-Ts", "format": "unix-ms"}, "signed": "{timestamp}.{body}"}
    d = mac(s.secret, f"{SENT}000." + s.body)
    a("ms-valid", "", "milliseconds", scheme=ms, headers=[("X-Ts", f"{SENT}000"), ("X-Sig", d.hex())], digest=d, code="valid")
    a("ms-as-seconds", "timestamp_format", "the header lost its milliseconds", scheme=ms, headers=[("X-Ts", str(SENT)), ("X-Sig", d.hex())], digest=d)
    d = mac(s.secret, f"{SENT}." + s.body)
    a("ms-signed-seconds", "timestamp_format", "the sender signs seconds", scheme=ms, headers=[("X-Ts", str(SENT)), ("X-Sig", d.hex())], digest=d)
    iso = {**ms, "timestamp": {"header": "X-Ts", "format": "iso8601"}}
    d = mac(s.secret, "2025-12-31T23:59:50Z." + s.body)
    a("iso-as-seconds", "timestamp_format", "ISO 8601 became Unix seconds", scheme=iso, headers=[("X-Ts", str(SENT)), ("X-Sig", d.hex())], digest=d)
    d = mac(s.secret, "2025-12-31T23:59:50.000Z." + s.body)
    a("iso-ms-as-seconds", "timestamp_format", "ISO 8601 with milliseconds became Unix seconds", scheme=iso, headers=[("X-Ts", str(SENT)), ("X-Sig", d.hex())], digest=d)


EXTRA = {"Plane": extra_plane, "Stripe": extra_stripe, "Svix": extra_svix, "StandardWebhooks": extra_svix, "Resend": extra_resend, "Planasonix": extra_planasonix,
         "PlaneConnection": extra_planeconnection, "GitHub": extra_github, "Custom": extra_custom}

for kind, sender in SENDERS.items():
    file = File(sender)
    file.all()
    EXTRA.get(kind, lambda f: None)(file)
    file.write()
process.stdin.close()
