// The program about the rules of sending: every URL of tests/addresses by this engine's own reader, and one of each call.
import {
  PlaneConnectionApi,
  breaker,
  endpointProblems,
  judgeAddress,
  judgeUrl,
  nextAttempt,
  retryPolicies,
} from "countersign/endpoints";
import urls from "../../addresses/urls.json" with { type: "json" };

export function report() {
  const wrong = urls.filter(([text, expected]) => {
    const verdict = judgeUrl(text);
    return (verdict.ok ? verdict.url : verdict.code) !== expected;
  });
  const { method, url, headers } = new PlaneConnectionApi("a-token").list();
  return {
    urls: urls.length,
    wrong,
    address: judgeAddress("169.254.169.254").code,
    problems: endpointProblems({
      url: "https://example.com/",
      events: [],
      signing: { provider: "svix" },
      secrets: [],
    }).map(({ code }) => code),
    next: nextAttempt(retryPolicies.planeconnection, 1, { status: 503, retryAfter: "3600" }, 1_767_225_600, 0),
    change: breaker.record(undefined, false, { failures: 1, pause_seconds: 60 }, 1000).change,
    request: { method, url, headers },
  };
}
