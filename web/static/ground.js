// "Ground me": plays at once, over whatever was there, and offers the way back.
import { $, keys } from "./dom.js";
import { Words } from "./words.js";

const [dialog, audio] = [$("ground"), $("ground-audio")];
const [back, pause] = [$("ground-back"), $("ground-pause")];
const words = new Words($("ground-words"));

/** What was going on: `leave()` stops it and returns {label, resume()}, or nothing to come back to. */
export const host = { leave: () => null };

/** Plays "ground now" from its beginning. */
export function ground() {
  audio.currentTime = 0;
  audio.play().catch(() => {}); // the words stand there all the same
  if (dialog.open) return;
  const before = host.leave();
  back.hidden = !before;
  back.textContent = before?.label ?? "";
  back.onclick = () => {
    dialog.close();
    before.resume();
  };
  dialog.showModal();
  pause.focus();
  if (!words.url) words.load(audio.dataset.words);
}

const toggle = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());
const name = () => (pause.textContent = audio.ended ? "Again" : audio.paused ? "Play" : "Pause");

for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, name);
audio.ontimeupdate = () => words.show(audio.currentTime);
audio.onended = () => (back.hidden ? $("ground-close") : back).focus();
pause.onclick = toggle;
$("ground-close").onclick = () => dialog.close();
dialog.onclose = () => audio.pause();
$("ground-me").onclick = (event) => {
  event.preventDefault();
  ground();
};
keys({ " ": toggle, g: ground }, dialog);
