// The session page: words, settings, panels and the end, around the player.
import { $, kept, keys } from "./dom.js";
import { host } from "./ground.js";
import * as player from "./player.js";
import { forget, resume } from "./rest.js";
import { say } from "./trouble.js";
import { Words } from "./words.js";

const { audio, jump, page } = player;
const form = $("wishes");
const words = new Words($("words"));
const ladder = page.dataset.rungs ? (await import("./ladder.js")).climb(words) : null;
let tones = [];
let wordsOn = kept.get("words") !== "off";

audio.controls = false;
player.mark();
player.announce(ladder?.step ?? player.step);
if (!ladder) resume();

// Words, and the ring that follows them or the breath tones.
const showWords = () => {
  $("before").hidden = page.classList.contains("started");
  $("words").hidden = !wordsOn || !page.classList.contains("started");
  $("show-words").setAttribute("aria-pressed", wordsOn);
};
$("show-words").onclick = () => {
  wordsOn = !wordsOn;
  kept.set("words", wordsOn ? "" : "off");
  showWords();
};
showWords();

async function listen() {
  const { words: url, tones: more } = page.dataset;
  if (!ladder && words.url !== url) words.load(url).then(follow);
  if (!more) return;
  const manifest = await fetch(more).then((answer) => answer.json()).catch(() => ({ cues: [] }));
  tones = manifest.cues.filter((cue) => cue.tone).map(({ tone, start, length }) =>
    ({ tone, start: start / manifest.rate, length: length / manifest.rate }));
}

function follow() {
  const speaking = words.show(audio.currentTime);
  const tone = tones.findLast(({ start }) => start <= audio.currentTime + 0.15);
  const breathing = tone && audio.currentTime < tone.start + tone.length;
  if (breathing) page.style.setProperty("--ring", `${tone.length}s`);
  else page.style.removeProperty("--ring");
  page.classList.toggle("breathing-in", Boolean(breathing && tone.tone !== "out"));
  page.classList.toggle("speaking", speaking && !breathing && !audio.paused);
}

audio.addEventListener("timeupdate", follow);
audio.addEventListener("play", () => {
  page.classList.add("started");
  showWords();
  listen();
});

// The end is quiet, and nothing starts by itself.
const panels = [...$("more").querySelectorAll("[aria-controls]")];
function open(id) {
  for (const button of panels) {
    const its = button.getAttribute("aria-controls");
    const on = its === id && button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", on);
    $(its).classList.toggle("open", on);
  }
}
for (const button of panels) button.onclick = () => open(button.getAttribute("aria-controls"));

audio.addEventListener("ended", () => {
  if (ladder && !ladder.ended()) return;
  forget();
  page.classList.add("ended");
  $("after").hidden = false;
  if (!$("support")?.classList.contains("open")) open("support");
  $("after-title").focus();
});
$("again").onclick = () => {
  page.classList.remove("ended");
  $("after").hidden = true;
  if (ladder) ladder.start(true);
  else jump(0);
  player.play();
  $("play").focus();
};
const jot = $("jot");
jot.value = kept.get(`note ${page.dataset.name}`) ?? "";
jot.oninput = () => kept.set(`note ${page.dataset.name}`, jot.value);

// Settings: the page as the server writes it for them, taken over without losing the place.
async function change() {
  const query = new URLSearchParams();
  for (const { name, value, dataset } of form.elements) {
    if (name && value && value !== dataset.usual) query.set(name, value);
  }
  const url = `${form.getAttribute("action")}${query.size ? `?${query}` : ""}`;
  const answer = await fetch(url).catch(() => null);
  const fresh = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  if (!answer?.ok) return say(fresh.getElementById("message")?.textContent ?? "You’re offline; this needs a connection.");
  const [at, length, time] = [player.place(audio.currentTime), page.dataset.length, audio.currentTime];
  Object.assign(page.dataset, { ...fresh.getElementById("session").dataset });
  for (const id of ["facts", "before", "chapter-list", "download-list"]) {
    $(id)?.replaceChildren(...fresh.getElementById(id).childNodes);
  }
  $("read").href = fresh.getElementById("read").getAttribute("href");
  history.replaceState(null, "", url);
  player.mark();
  if (ladder) return ladder.reload();
  player.load(page.dataset.audio, length === page.dataset.length ? time : player.seconds(at));
  if (page.classList.contains("started")) listen();
}
form.onchange = (event) => event.target.name && change();
form.onsubmit = (event) => {
  event.preventDefault();
  change();
};
const length = $("length");
length.oninput = () => {
  const [minutes, rest] = [Math.floor(length.value / 60), length.value % 60];
  $("length-now").textContent = `${minutes || ""}${minutes && rest === 30 ? "½" : ""}${minutes ? " min" : ""}${rest % 30 || !minutes ? ` ${rest} s` : ""}`;
};

host.leave = () => {
  const playing = !audio.paused;
  if (!page.classList.contains("started") || page.classList.contains("ended")) return null;
  audio.pause();
  return {
    label: `Back to ${page.dataset.title}`,
    resume() {
      jump(audio.currentTime - 4);
      if (playing) player.play();
    },
  };
};

keys({
  " ": player.toggle,
  ArrowLeft: () => jump(audio.currentTime - 15),
  ArrowRight: () => jump(audio.currentTime + 15),
  m() {
    audio.muted = !audio.muted;
    say(audio.muted ? "The sound is off. The key m brings it back." : "");
  },
});
