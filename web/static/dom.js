export const $ = (id) => document.getElementById(id);

/** Seconds as "1:05", or "1:02:05" from an hour on. */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (count) => String(count).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return (hours ? `${hours}:${two(minutes)}` : minutes) + ":" + two(whole % 60);
}

/** Seconds as words, for who cannot see the clock. */
export function aloud(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return (minutes ? `${minutes} min ` : "") + `${rest} s`;
}

/** Calls table[key]() for keys pressed while *dialog* (none: the page) is in front and nothing is being typed. */
export function keys(table, dialog = null) {
  addEventListener("keydown", (event) => {
    const at = event.target;
    const act = table[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") !== dialog) return;
    if (at.matches?.("input:not(#seek), select, textarea")) return;
    if (event.key === " " && at.matches?.("button, a")) return;
    event.preventDefault();
    act();
  });
}

/** localStorage, or nothing where the browser keeps none. */
export const kept = {
  get(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  set(key, value) {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* private window */ }
  },
};
