// What is kept of this listening: where it was left, and for how long it was heard.
import { $, on } from "./dom.js";
import { fresh } from "./me.js";
import { audio, length, page } from "./player.js";
import { leave } from "./visit.js";

const OFTEN = 10; // seconds
const { script, key, program, day, dayHeard, left, query } = page.dataset;
const ladder = $("rungs");
const place = (seconds, query) => ({ seconds, query });
const ofDay = (heard) => ({ record: { program, day: +day, heard } });
const begin = () => ({ id: fresh(), script, began: Date.now() });
const former = { place: left && place(+left, query), day: +dayHeard && ofDay(+dayHeard) }; // of before this visit
let [heard, at, placed, now] = [0, NaN, +left, null]; // seconds; the history's entry

function keep() {
  if (!now) return;
  if (!ladder && placed !== audio.currentTime) {
    placed = audio.currentTime;
    const inside = placed > OFTEN && placed < length() - OFTEN;
    leave(`places/${key}`, inside && place(placed, page.dataset.query), former.place);
  }
  if (heard < OFTEN) return;
  leave(`heard/${now.id}`, { record: { ...now, heard: Math.round(1000 * heard) } });
  if (!program || !(ladder ? page.matches(".ended") : audio.currentTime > 0.9 * length())) return;
  leave(`program-day/${day}/${encodeURI(program)}`, ofDay(Date.now()), former.day);
}

on(audio, "playing", () => (now ??= begin()));
on(audio, "seeking emptied", () => (at = NaN));
on(audio, "timeupdate", () => {
  const { currentTime, paused } = audio;
  if (currentTime > at) heard += currentTime - at;
  at = currentTime;
  if (!paused && Math.abs(currentTime - placed) > OFTEN) keep();
});
on(audio, "pause", () => audio.ended || keep());
on(audio, "ended", () => {
  keep();
  if (page.matches(".ended")) [heard, placed, now] = [0, 0, null]; // the next is another
});
on(window, "pagehide", keep);
on(window, "forgotten", () => {
  [heard, now] = [0, now && begin()];
  former.place = former.day = null;
});
