// Where one left off, and the sleep timer.
import { $, clock, kept } from "./dom.js";
import { audio, jump, length, page } from "./player.js";
import { say } from "./trouble.js";

const FADE = 30; // seconds
const sleep = $("sleep");
let end = 0;

const key = () => `place ${page.dataset.name}?${page.dataset.query}${page.dataset.part ?? ""}`;

/** Goes to where this session was left, a few seconds earlier. */
export function resume() {
  const left = Number(kept.get(key()));
  if (left < 10 || left > length() - 10) return;
  jump(left - 4);
  say(`You left off at ${clock(left)}.`, "From the start", () => jump(0));
}

export const forget = () => kept.set(key(), "");

function tick() {
  if (!audio.paused) kept.set(key(), audio.currentTime.toFixed(1));
  const left = (end - Date.now()) / 1000;
  if (!end || left > FADE) return;
  audio.volume = Math.max(0, left / FADE); // iOS keeps its volume, and only stops
  if (left > 0) return;
  audio.pause();
  jump(audio.currentTime - FADE);
  kept.set(key(), (audio.currentTime + 4).toFixed(1));
  say("The sleep timer stopped here. It keeps your place.");
}

function set() {
  end = sleep.value && !audio.paused ? Date.now() + 60_000 * sleep.value : 0;
  audio.volume = 1;
}

sleep.value = kept.get("sleep") ?? "";
sleep.onchange = () => {
  kept.set("sleep", sleep.value);
  set();
};
audio.addEventListener("timeupdate", tick);
audio.addEventListener("play", set);
audio.addEventListener("pause", set);
