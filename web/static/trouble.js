// Every state has words; the page holds them by name.
import { $, get, json, on } from "./dom.js";
import { audio, load, page } from "./player.js";

const PASSING = ["ready", "busy", "offline", "unreachable", "unplayable"]; // what sound is the end of
let [timer, at, tries, said] = [0, 0, 0, ""];

/** Says in *place* what the page has under *name*, *value* in its gap; its button calls *act*. */
export function say(name, value = "", act, place = $("status")) {
  place.replaceChildren(...$(`say-${name}`).cloneNode(true).childNodes);
  place.querySelector("b")?.append(value);
  if (act) place.querySelector("button").onclick = () => act(say("nothing"));
  if (place === $("status")) said = name;
}

const state = () => json(page.dataset.state);
const again = () => load(audio.src, at);
const unreachable = () => say(navigator.onLine ? "unreachable" : "offline");
const over = () => PASSING.includes(said) && say("nothing");

function later(seconds, act) {
  clearTimeout(timer);
  timer = setTimeout(act, 1000 * seconds);
}

async function ready() {
  const now = await state();
  if (audio.paused || audio.readyState > 2 || audio.error) return;
  if (now) say("ready", now.progress ? `${Math.round(100 * now.progress)} %` : "");
  else unreachable();
  later(1, ready);
}

async function explain() {
  const answer = await get(audio.src, { Range: "bytes=0-1" });
  const wait = answer?.headers.get("Retry-After") ?? 3;
  if (!answer) unreachable();
  else if (answer.status === 503) say("busy", wait);
  else if (!answer.ok || ++tries > 3) return say("unplayable");
  later(wait, again);
}

if (audio.error) explain();
on(audio, "error", explain);
on(window, "online", () => audio.error && again());
on(audio, "timeupdate", () => (at = audio.currentTime));
on(audio, "waiting play", () => later(0.7, ready));
on(audio, "loadedmetadata canplay", () => audio.paused && over());
on(audio, "pause", over);
on(audio, "playing", async () => {
  clearTimeout(timer);
  tries = 0;
  say("nothing");
  const now = await state();
  if (now?.stood_in) say("voice", now.voice);
});
