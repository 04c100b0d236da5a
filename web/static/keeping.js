// What is kept of this listening: where it was left, and for how long it was heard.
import { $, on } from "./dom.js";
import { fresh } from "./me.js";
import { write } from "./outbox.js";
import { audio, length, page } from "./player.js";

const OFTEN = 10; // seconds
const { script, key, program, day, left, query } = page.dataset;
const [ladder, secret] = ["rungs", "private"].map($);
const put = (path, record) => write("PUT", path, { record });
const place = (seconds, query) => write("PUT", `places/${key}`, { seconds, query });
const unplace = () => write("DELETE", `places/${key}`);
let [heard, at, placed, now] = [0, NaN, 0, null]; // seconds; the entry in the history

function keep() {
  if (!now || secret.checked) return;
  if (!ladder && placed !== audio.currentTime) {
    placed = audio.currentTime;
    if (placed > OFTEN && placed < length() - OFTEN) place(placed, page.dataset.query);
    else unplace();
  }
  if (heard < OFTEN) return;
  put(`heard/${now.id}`, { ...now, heard: Math.round(1000 * heard) });
  if (!program || !(ladder ? page.matches(".ended") : audio.currentTime > 0.9 * length())) return;
  put(`program-day/${day}/${encodeURI(program)}`, { program, day: +day, heard: Date.now() });
}

on(audio, "playing", () => (now ??= { id: fresh(), script, began: Date.now() }));
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

// A private session leaves nothing: what it has left so far is taken back.
secret.onchange = () => {
  if (!secret.checked || !now) return;
  if (heard >= OFTEN) write("DELETE", `heard/${now.id}`);
  if (left) place(+left, query);
  else if (placed) unplace();
};
