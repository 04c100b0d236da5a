// A sentence of the voice in the menu, before it is chosen.
import { $, get, on } from "./dom.js";
import { focus, unfocus } from "./focus.js";
import { say } from "./trouble.js";

const [button, menu, audio] = ["hear", "voice", "sample"].map($);
const tell = (state, value) => say(state, value, null, $("heard"));
const play = () => audio.play().catch(() => {});
let [timer, tries, wanted] = [0, 0, null]; // what is wanted: a sample's address

function later(seconds, act) {
  clearTimeout(timer);
  timer = setTimeout(act, 1000 * seconds);
}

function stop() {
  wanted = null;
  clearTimeout(timer);
  audio.pause();
  if (audio.readyState < 2) {
    audio.removeAttribute("src"); // nobody waits for it
    audio.load();
  }
  unfocus(sound);
  button.setAttribute("aria-pressed", false);
  tell("nothing");
}

function start() {
  audio.src = wanted;
  later(0.3, () => tell("speaking"));
  play();
}

async function explain() {
  const asked = wanted;
  const answer = await get(asked);
  if (wanted !== asked || !asked) return;
  const wait = answer?.headers.get("Retry-After");
  if (++tries < 4 && (answer?.ok || wait)) {
    if (wait) tell("busy", wait);
    return later(wait ?? 0, start);
  }
  const why = answer && (await answer.json().catch(() => ({}))).error;
  if (wanted !== asked) return;
  stop();
  if (answer) tell("unheard", why);
  else tell("alone");
}

const sound = { audio, title: button.textContent, acts: { play, pause: stop } };

button.onclick = () => {
  if (wanted) return stop();
  wanted = menu.selectedOptions[0].dataset.sample;
  tries = 0;
  sound.title = menu.selectedOptions[0].textContent;
  button.setAttribute("aria-pressed", true);
  focus(sound);
  start();
};
on(audio, "playing", () => later(0, () => tell("nothing")));
on(audio, "pause", () => wanted && !audio.error && stop()); // at its end, too; an error pauses as well
on(audio, "error", () => wanted && explain());
on(menu, "input", stop);
on($("settings"), "toggle", ({ newState }) => newState === "closed" && stop());
