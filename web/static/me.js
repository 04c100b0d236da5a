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
// Where a server is not HTTPS, browsers do not empty what they keep at its word.
on(document, "submit", ({ target }) => target.id === "forget" && Object.keys(kept).forEach((name) => delete kept[name]));
if (listener) {
  on(window, "storage", ({ key, oldValue }) => {
    if (!mine()) location.replace("/");
    else if (key === "listener" && oldValue === null) dispatchEvent(new Event("forgotten")); // another tab had all emptied
  });
  on(window, "pageshow", ({ persisted }) => persisted && (guarded || !mine()) && location.reload());
}
