// What every page has: the list of keys, and "Ground me", which plays at once and offers the way back.
import { $, keys, on } from "./dom.js";
import { Words } from "./words.js";

const [dialog, audio, back] = ["ground", "ground-audio", "ground-back"].map($);
const words = new Words($("ground-words"));
const play = () => audio.play().catch(() => {}); // the words stand there all the same
const toggle = () => (audio.paused ? play() : audio.pause());

/** `leave()` stops what was going on, and returns {title, resume()} if there is a way back. */
export const host = { leave: () => null };

export function ground() {
  audio.currentTime = 0;
  play();
  words.load(audio.dataset.words);
  if (dialog.open) return;
  const before = host.leave();
  back.hidden = !before;
  back.firstElementChild.textContent = before?.title;
  back.onclick = () => {
    dialog.close();
    before.resume();
  };
  dialog.showModal();
}

$("ground-pause").onclick = toggle;
$("ground-close").onclick = () => dialog.close();
dialog.onclose = () => audio.pause();
$("ground-me").onclick = (event) => {
  event.preventDefault();
  ground();
};
on(audio, "timeupdate", () => words.show(audio.currentTime));
on(audio, "play pause", () => dialog.classList.toggle("playing", !audio.paused));
keys({ " ": toggle, g: ground }, dialog);

const list = () => $("keys").showModal();
$("show-keys").onclick = list;
keys({ g: ground, "?": list });
if ($("filters")) $("filters").onchange = (event) => event.target.form.submit();
document.documentElement.classList.add("scripted");
