// What this visit leaves with the listener: nothing once it is private, which takes back what it has left so far.
import { $, on } from "./dom.js";
import { write } from "./outbox.js";

const secret = $("private");
const former = new Map(); // by path: what was there before this visit

/** Leaves *body* at *path*, none to remove what is there; *before* is what was there before this visit, if anything. */
export function leave(path, body, before) {
  if (secret.checked) return;
  former.set(path, before);
  write(body ? "PUT" : "DELETE", path, body || undefined);
}

on(secret, "change", () => {
  if (!secret.checked) return;
  former.forEach((before, path) => write(before ? "PUT" : "DELETE", path, before || undefined));
  former.clear();
});
on(window, "forgotten", () => former.clear());
