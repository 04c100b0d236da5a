// Where one left off, and the sleep timer.
import { $, clock, kept, on } from "./dom.js";
import { audio, jump, length, page, pause } from "./player.js";
import { say } from "./trouble.js";

const FADE = 30; // seconds
const sleep = $("sleep");
let end = Infinity;

/** Goes a little before where this session was left. */
export function resume() {
  const left = kept[page.dataset.place];
  if (!(left > 10 && left < length() - 10)) return;
  jump(left - 4);
  say("left", clock(left), () => jump(0));
}

on(audio, "timeupdate", () => {
  const left = (end - Date.now()) / 1000;
  if (left <= 0) {
    end = Infinity;
    audio.pause();
    jump(audio.currentTime - FADE);
    say("slept");
  }
  if (left <= 0 || !audio.paused) kept[page.dataset.place] = audio.currentTime;
  audio.volume = Math.min(1, Math.max(0, left / FADE)); // iOS keeps its own
});

function start() {
  end = sleep.value && !audio.paused ? Date.now() + 60000 * sleep.value : Infinity;
  kept.sleep = sleep.value;
}
sleep.value = kept.sleep ?? "";
sleep.onchange = start;
on(audio, "play pause", start);
pause.stirs = () => {
  const fading = !audio.paused && end - Date.now() < 1000 * FADE;
  if (fading) start((audio.volume = 1));
  return fading;
};
