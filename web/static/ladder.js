// A ladder, climbed by choice: each rung is a recording of its own, and none begins unasked after the first.
import { $, keys } from "./dom.js";
import { ground } from "./ground.js";
import { audio, jump, load, page, play } from "./player.js";

const rungs = JSON.parse(page.dataset.rungs);
const buttons = Object.fromEntries([...$("ladder").querySelectorAll("button")].map((each) => [each.dataset.go, each]));
let words;
let at = 0; // 0: the opening; 1, 2 …: the rungs; beyond: the closing

const name = (rung) => (rung < 1 ? "opening" : rung > rungs.length ? "closing" : `rung-${rung}`);
const of = (url, rung) => `${url}${url.includes("?") ? "&" : "?"}part=${name(rung)}`;

function go(rung, playing = true) {
  at = rung;
  page.dataset.part = name(at);
  page.dataset.rung = rungs[at - 1] ?? "";
  load(of(page.dataset.audio, at), 0, playing);
  words.load(of(page.dataset.words, at));
  [...$("rungs").children].forEach((each, place) => each.setAttribute("aria-current", place === at - 1));
  label();
  warm();
}

function label() {
  const on = at > 0 && at <= rungs.length;
  buttons.stay.disabled = !on;
  buttons.back.disabled = !on || at < 2;
  buttons.next.disabled = at >= rungs.length;
  buttons.next.textContent = rungs[at] ? `Next: ${rungs[at]}` : "Next";
  buttons.back.textContent = rungs[at - 2] ? `Back: ${rungs[at - 2]}` : "Back";
}

/** Asks for the beginnings of what may be chosen, so that a choice takes effect at once. */
function warm() {
  for (const rung of [at + 1, at - 1, rungs.length + 1]) {
    if (rung > 0) fetch(of(page.dataset.audio, rung), { headers: { Range: "bytes=0-65535" } }).catch(() => {});
  }
}

const choices = {
  stay() {
    jump((words.captions.at(-1)?.end ?? 0) + 1); // the quiet after the last words, once more
    play();
  },
  next: () => go(at + 1),
  back: () => go(at - 1),
  ground,
  finish: () => go(rungs.length + 1),
};

const choose = (choice) => buttons[choice].disabled || buttons[choice].hidden || choices[choice]();

/** Starts at the opening. Returns what to do when a part has ended: it says whether all has. */
export function climb(shown) {
  words = shown;
  for (const [choice, button] of Object.entries(buttons)) button.onclick = () => choose(choice);
  keys({ s: () => choose("stay"), n: () => choose("next"), b: () => choose("back"), f: () => choose("finish") });
  go(0, false);
  audio.addEventListener("play", () => ($("ladder").hidden = false));
  return {
    ended() {
      if (at === 0) go(1);
      return at > rungs.length;
    },
    step: (by) => choose(by > 0 ? "next" : "back"),
    start: (playing) => go(0, playing),
    reload: () => go(at, !audio.paused),
  };
}
