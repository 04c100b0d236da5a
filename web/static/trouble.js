// Every state has words: getting ready, offline, too busy, another voice.
import { $ } from "./dom.js";
import { audio, load, page } from "./player.js";

const status = $("status");
let timer, at = 0, tries = 0;

/** Says *text* under the bar, with a button for what can be done about it. */
export function say(text, label, act) {
  status.textContent = text;
  if (!label) return;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  button.onclick = () => {
    say("");
    act();
  };
  status.append(button);
}

const state = () => fetch(page.dataset.state).then((answer) => answer.json()).catch(() => null);

async function ready() {
  if (audio.paused || audio.readyState > 2 || audio.error) return;
  const now = await state();
  if (audio.readyState > 2 || audio.error) return;
  const done = Math.round(100 * (now?.progress ?? 0));
  say(navigator.onLine ? `Getting ready${done ? `, ${done} %` : ""} …` : "You’re offline. It goes on when the connection is back.");
  later(1.5, ready);
}

function later(seconds, act) {
  clearTimeout(timer);
  timer = setTimeout(act, 1000 * seconds);
}

const again = () => load(audio.src, at);

async function explain() {
  const answer = await fetch(audio.src, { headers: { Range: "bytes=0-1" } }).catch(() => null);
  if (!answer) {
    say(navigator.onLine ? "The player can’t be reached. It tries again by itself." : "You’re offline. It goes on when the connection is back.");
    later(3, again);
  } else if (answer.status === 503) {
    const wait = Number(answer.headers.get("Retry-After")) || 5;
    say(`Too many are listening just now. It tries again in ${wait} seconds.`);
    later(wait, again);
  } else if (!answer.ok || ++tries > 3) {
    say("This can’t be played here. Other settings or a download may work.");
  } else {
    later(1, again);
  }
}

audio.addEventListener("timeupdate", () => (at = audio.currentTime || at));
audio.addEventListener("seeking", () => (at = audio.currentTime));
for (const event of ["waiting", "play"]) audio.addEventListener(event, () => later(0.7, ready));
audio.addEventListener("error", explain);
addEventListener("online", () => audio.error && again());
let asked;
audio.addEventListener("playing", async () => {
  clearTimeout(timer);
  tries = 0;
  say("");
  if (asked === page.dataset.state) return;
  asked = page.dataset.state;
  const now = await state();
  if (now?.stood_in) say(`The voice asked for isn’t here; ${now.voice} speaks instead.`);
});
