// Asks the worker. It is made of text inside this page, so it needs no file, and this page's policy holds inside of it too.
import source from "debugger-worker";

let worker;
/** Who waits for the answer that is under way, and the questions after it. */
let current;
const next = [];

/** The answer to a task of worker.js. */
export function ask(task, given) {
  return new Promise((resolve, reject) => {
    next.push({ task, given, resolve, reject });
    go();
  });
}

function go() {
  if (current || next.length === 0) return;
  current = next.shift();
  try {
    worker ??= start();
    worker.postMessage({ task: current.task, given: current.given });
  } catch (error) {
    done("reject", error);
  }
}

function done(how, what) {
  current?.[how](what);
  current = undefined;
  go();
}

function start() {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const made = new Worker(address);
  URL.revokeObjectURL(address);
  made.onmessage = ({ data }) => done("resolve", data);
  made.onerror = (event) => {
    event.preventDefault();
    // Whatever state it is in, the next question gets a new one.
    worker = undefined;
    made.terminate();
    done("reject", new Error(event.message || "This browser starts no worker here."));
  };
  return made;
}
