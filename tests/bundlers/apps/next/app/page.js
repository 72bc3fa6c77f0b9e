// The receiver inside a page, in the browser.
"use client";
import { useEffect, useState } from "react";

export default function Page() {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    import("../../receiver.js").then(() => setReady(true));
  }, []);
  return <p>{ready ? "ready" : "starting"}</p>;
}
