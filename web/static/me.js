// Whose page this is. What this browser keeps is one listener's, and goes when another is chosen.
import { kept, on } from "./dom.js";

export const { listener, guarded } = document.body.dataset;

/** Returns whether no other listener was chosen since, in another tab. */
export const mine = () => (kept.listener ?? listener) === listener;
export const nameless = listener === "0";

/** Returns a new name for a record. */
export const fresh = () => `${Date.now()}-${Math.random()}`.slice(0, 40);

const here = listener ?? (location.pathname === "/as" ? "" : kept.listener ?? "0"); // "": nobody, for now
if ((kept.listener ?? "0") !== here) for (const name of ["outbox", "sleep"]) delete kept[name];
kept.listener = here;
if (listener) {
  on(window, "storage", () => mine() || location.replace("/"));
  on(window, "pageshow", ({ persisted }) => persisted && (guarded || !mine()) && location.reload());
}
