// What every page has: "Ground me", which offers the way back, and the keys.
import { $, keys, on } from "./dom.js";
import { focus, unfocus } from "./focus.js";
import { wordsIn } from "./words.js";

const [dialog, audio, back] = ["ground", "ground-audio", "ground-back"].map($);
const words = wordsIn($("ground-words"), audio);
const play = () => audio.play().catch(() => {});
const sound = { audio, title: $("ground-title").textContent, acts: { play, pause: () => audio.pause() } };
const toggle = () => (audio.paused ? play() : audio.pause());

/** Its `leave()` returns {title, resume()} if there is a way back. */
export function ground() {
  audio.currentTime = 0;
  play();
  words.load(audio.dataset.words);
  if (dialog.open) return;
  const before = ground.leave();
  back.hidden = !before;
  back.firstElementChild.textContent = before?.title;
  back.onclick = () => {
    dialog.close();
    before.resume();
  };
  focus(sound);
  dialog.showModal();
}
ground.leave = () => null;

$("ground-pause").onclick = toggle;
$("ground-close").onclick = () => dialog.close();
dialog.onclose = () => {
  audio.pause();
  unfocus(sound);
};
$("ground-me").onclick = () => {
  ground();
  return false;
};
on(audio, "timeupdate seeking", words.show);
on(audio, "play pause", () => dialog.classList.toggle("playing", !audio.paused));
keys({ " ": toggle, g: ground }, dialog);

keys({ g: ground, "?": () => $("show-keys").click() });
document.documentElement.classList.add("scripted");
if (!("popover" in HTMLElement.prototype)) import("./panels.js");
