export const $ = (id) => document.getElementById(id);
export const on = (target, events, act) => events.split(" ").forEach((event) => target.addEventListener(event, act));
export const get = (url, headers = {}) => fetch(url, { headers }).catch(() => null);
export const json = async (url) => (await get(url))?.json();

export let kept = {}; // what the browser remembers, if it does
try { kept = localStorage; } catch { /* no */ }

export function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const of = (count, unit) => (count ? [`${count} ${unit}${count === 1 ? "" : "s"}`] : []);

/** The same as words, for who hears the page. */
export function spoken(seconds) {
  const whole = Math.round(seconds);
  return [...of(Math.floor(whole / 60), "minute"), ...of(whole % 60, "second")].join(" ") || "0 seconds";
}

/** Calls acts[key]() while *dialog* (none: the page) is in front and nobody types. */
export function keys(acts, dialog = null) {
  on(window, "keydown", (event) => {
    const { key, target } = event;
    if (!acts[key] || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") !== dialog) return;
    if (target.matches("input:not(#seek), select, textarea") || (key === " " && target.matches("button, a, summary"))) return;
    event.preventDefault();
    acts[key]();
  });
}
