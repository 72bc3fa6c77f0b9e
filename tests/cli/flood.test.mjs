// Large inputs that are nothing but one character take each parser no longer than others of their size.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "./support.mjs";

const MEGABYTE = 1 << 20;
const spaces = " ".repeat(MEGABYTE);

const inputs = {
  "a header of spaces": `POST / HTTP/1.1\nHost: example.com\nX-Spaces: a${spaces}b\n\n{}`,
  "spaces before a colon": `POST / HTTP/1.1\nHost: example.com\nX-Spaces${spaces}: a\n\n{}`,
  "a line without a colon": `POST / HTTP/1.1\nHost: example.com\n${"a".repeat(MEGABYTE)}\n\n{}`,
  "folded lines": `POST / HTTP/1.1\nHost: example.com\nX-Folded: a${"\n ".repeat(MEGABYTE / 2)}b\n\n{}`,
  "a chunk's size": `POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n1;${spaces}\n`,
  "curl and spaces": `curl ${spaces} https://example.com -H 'X-Spaces: a${spaces}b' --data '${spaces}'`,
  "lines before curl": `'a curl b'\n${"a\n".repeat(MEGABYTE / 2)}curl https://example.com`,
  "curl for cmd": `curl ^"https://example.com^" ^\r\n -H ^"X-Spaces: a${spaces}b^" ${"^".repeat(MEGABYTE)}`,
  "a HAR with spaces": `{${spaces}"log":{"entries":[{"request":{"method":"POST","url":"/","headers":[{"name":"a","value":"${spaces}"}]}}]}}`,
  "a HAR with null everywhere":
    '{"log":{"entries":[null,{},{"request":{"headers":[null,{"name":1}],"postData":{"params":[null]},"url":{}}}]}}',
};

for (const [name, input] of Object.entries(inputs)) {
  test(name, async () => {
    const file = join(mkdtempSync(join(tmpdir(), "countersign-")), "request");
    writeFileSync(file, input);
    const { code, all } = await run(["verify", file, "--provider", "github"]);
    // It is not verified, or no request; no error of the program's own.
    assert.ok(code === 1 || code === 2, all.slice(0, 500));
    assert.doesNotMatch(all, /^\s+at /m);
  });
}
