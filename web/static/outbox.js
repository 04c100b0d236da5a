// What is kept of the listener goes to the server, and waits in this browser while that cannot be reached.
import { kept, on } from "./dom.js";
import { listener, mine, nameless } from "./me.js";

const device = (navigator.userAgentData?.platform || navigator.platform || "browser").slice(0, 40);
const waiting = () => JSON.parse(kept.outbox ?? "[]");
let sending = false;

function wait(writes) {
  kept.outbox = JSON.stringify(writes.slice(-300));
  if (!writes.length) delete kept.outbox;
}

async function send() {
  if (sending) return;
  sending = true;
  for (let next; mine() && ([next] = waiting()) && next; ) {
    const { method, path, body } = next;
    const headers = { "Content-Type": "application/json", "Voiceguide-Listener": listener };
    const how = { method, headers, body: JSON.stringify(body), keepalive: true };
    const answer = await fetch(`/api/me/${path}`, how).catch(() => null);
    if (!answer || answer.status >= 500 || [401, 429].includes(answer.status)) break; // the next page tries again
    if (mine()) wait(waiting().filter((each) => each.path !== path || each.body.at !== body.at));
  }
  sending = false;
}

/** Writes *body* at *path* of the listener's records; of several that wait for one path, the last is enough. */
export function write(method, path, body = {}) {
  if (!mine()) return;
  const others = waiting().filter((each) => each.path !== path);
  wait([...others, { method, path, body: { at: Date.now(), device, ...body } }]);
  send();
}

if (nameless && Object.keys(kept).some((name) => /^(place|note) /.test(name))) import("./earlier.js");
send();
on(window, "online", send);
