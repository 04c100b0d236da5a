// Where one left off, and the sleep timer.
import { $, clock, kept, on } from "./dom.js";
import { audio, jump, page, pause } from "./player.js";
import { say } from "./trouble.js";

const FADE = 30; // seconds
const sleep = $("sleep");
let end = Infinity;

/** Goes where this session is to go on. */
export function resume() {
  const { left } = page.dataset;
  if (!left) return;
  jump(+left);
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
  audio.volume = Math.min(1, Math.max(0, left / FADE)); // iOS keeps its own
});

function start() {
  end = sleep.value && !audio.paused ? Date.now() + 60000 * sleep.value : Infinity;
  if (!$("private").checked) kept.sleep = sleep.value;
}
sleep.value = kept.sleep ?? "";
sleep.onchange = start;
on(audio, "play pause", start);
pause.stirs = () => {
  const fading = !audio.paused && end - Date.now() < 1000 * FADE;
  if (fading) start((audio.volume = 1));
  return fading;
};
