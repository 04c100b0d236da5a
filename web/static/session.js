// The session page: words, settings, panels and the end, around the player.
import { $, clock, get, kept, keys, on } from "./dom.js";
import { host } from "./page.js";
import { announce, audio, jump, keepPlace, load, page, play, readMarks, skip, step, toggle } from "./player.js";
import { resume } from "./rest.js";
import { say } from "./trouble.js";
import { Words } from "./words.js";

const [form, slider, note] = [$("wishes"), $("length"), $("note")];
const words = new Words($("words"));
const ladder = $("rungs") && (await import("./ladder.js")).ladder(words);
let tones = {};

audio.controls = false;
readMarks();
announce(ladder?.step ?? step);
if (!ladder) resume();

on(audio, "play", async () => {
  page.classList.add("started");
  if (!ladder) words.load(page.dataset.words);
  if (page.dataset.tones) tones = (await (await get(page.dataset.tones))?.json()) ?? {};
});

// The ring follows the breath tones, or the voice.
on(audio, "timeupdate", () => {
  const speaking = words.show(audio.currentTime);
  const frame = audio.currentTime * tones.rate;
  const now = tones.cues?.find(({ tone, start, length }) => tone && start <= frame && frame < start + length);
  page.style.setProperty("--ring", now ? `${now.length / tones.rate}s` : "");
  page.classList.toggle("full", now ? now.tone !== "out" : speaking);
});

// The end is quiet, and nothing starts by itself.
on(audio, "ended", () => {
  if (ladder && !ladder.ended()) return;
  delete kept[page.dataset.place];
  page.classList.add("ended");
  $("support").popover = null;
  $("after").append($("support"));
  $("after-title").focus();
});
$("again").onclick = () => {
  page.classList.remove("ended");
  ladder?.again(0);
  jump(0);
  play();
};
note.value = kept[note.name] ?? "";
note.oninput = () => (kept[note.name] = note.value);

// Settings: the page as the server writes it for them, taken over without losing the place.
form.onchange = async ({ target }) => {
  if (target.id === "sleep") return;
  const query = new URLSearchParams();
  for (const { name, value, dataset } of form.elements) {
    if (name && value && value !== dataset.usual) query.set(name, value);
  }
  if (slider.value !== slider.dataset.usual) query.set("length", `${slider.value}s`);
  const url = form.action + (query.size ? `?${query}` : "");
  const answer = await get(url);
  const fresh = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  const find = (id) => fresh.getElementById(id);
  if (!answer?.ok) return say("other", find("message")?.textContent ?? "…");
  const place = keepPlace();
  Object.assign(page.dataset, { ...find("session").dataset });
  for (const id of ["facts", "before", "marks", "chapter-list", "download-list", "read"]) {
    if ($(id)) $(id).innerHTML = find(id).innerHTML;
  }
  history.replaceState(null, "", url);
  readMarks();
  if (ladder) ladder.changed();
  else load(page.dataset.audio, place());
};
slider.oninput = () => ($("length-now").textContent = clock(slider.value));

host.leave = () => {
  const playing = !audio.paused;
  audio.pause();
  return page.matches(".started:not(.ended)") && {
    title: page.dataset.title,
    resume() {
      skip(-4);
      if (playing) play();
    },
  };
};

keys({
  " ": toggle,
  ArrowLeft: () => skip(-15),
  ArrowRight: () => skip(15),
  m() {
    audio.muted = !audio.muted;
    say(audio.muted ? "muted" : "nothing");
  },
});
