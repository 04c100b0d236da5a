// The session page, around its player.
import { $, clock, get, json, keys, on } from "./dom.js";
import { ground } from "./page.js";
import { announce, audio, jump, keepPlace, load, page, play, readMarks, skip, toggle } from "./player.js";
import { resume } from "./rest.js";
import { say } from "./trouble.js";
import { wordsIn } from "./words.js";

const [form, slider, refused] = ["wishes", "length", "refused"].map($);
const words = wordsIn($("words"), audio);
const ladder = $("rungs") && (await import("./ladder.js")).ladder(words);
let tones = {};

readMarks();
announce(ladder?.step ?? ((by) => skip(15 * by)));
if (!ladder) resume();

on($("downloads"), "click", async ({ target }) => {
  const link = target.closest("[data-state]");
  if (link) (await import("./downloads.js")).follow(link);
});

const read = () => ladder || words.load(page.dataset.words);
on(audio, "play playing", read);
on(audio, "play", async () => {
  page.classList.add("started");
  if (page.dataset.tones) tones = (await json(page.dataset.tones)) ?? {};
});

// The ring follows the breath tones, or the voice.
on(audio, "timeupdate seeking", () => {
  const speaking = words.show();
  const frame = audio.currentTime * tones.rate;
  const now = tones.cues?.find(({ tone, start, length }) => tone && start <= frame && frame < start + length);
  page.style.setProperty("--ring", now ? `${now.length / tones.rate}s` : "");
  page.classList.toggle("full", now ? now.tone !== "out" : speaking);
});

// The end is quiet: nothing starts by itself.
on(audio, "ended", () => {
  if (ladder && !ladder.ended()) return;
  page.classList.add("ended");
  $("support").removeAttribute("popover");
  $("after").append($("support"));
  $("after-title").focus();
});
$("again").onclick = () => {
  page.classList.remove("ended");
  ladder?.again(0);
  jump(0);
  play();
};

// Settings: the server's page for them is taken over. What nobody touches stays as the address has it: a slider knows
// fewer values than a wish.
const touched = new Set();
let last;

function refuse(why, field) {
  refused.textContent = why;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", "refused");
}

form.onchange = async ({ target }) => {
  if (target.id === "sleep") return;
  touched.add((last = target));
  const query = new URLSearchParams(form.dataset.query);
  for (const { name, id, value, dataset } of touched) {
    query.set(name || id, value === dataset.usual ? "" : id === "length" ? `${value}s` : value);
  }
  const answer = await get(`${form.action}?${query}`, { Accept: "text/html" });
  if (last !== target) return; // another was touched since
  if (!answer) return refuse(refused.dataset.alone, target);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const find = (id) => fresh.getElementById(id);
  if (!answer.ok) return refuse(find("message")?.textContent, target);
  refused.textContent = "";
  for (const each of touched) each.removeAttribute("aria-invalid");
  const place = keepPlace();
  Object.assign(page.dataset, { ...find("session").dataset });
  for (const old of document.querySelectorAll("[data-fresh]")) old.innerHTML = find(old.id)?.innerHTML ?? "";
  form.dataset.query = find("wishes").dataset.query;
  history.replaceState(null, "", page.dataset.url);
  form.dispatchEvent(new Event("taken"));
  readMarks();
  if (ladder) ladder.changed();
  else load(page.dataset.audio, place());
  if (page.matches(".started")) read();
};
form.onsubmit = () => false;
slider.oninput = () => ($("length-now").textContent = clock(slider.value));
import("./units.js");
on($("show-words"), "change", ({ target }) => page.classList.toggle("wordless", !target.checked));

// The way back is got ready when that takes nothing from what plays.
function spare() {
  const { buffered, networkState } = audio;
  const ahead = buffered.length && buffered.end(buffered.length - 1) - audio.currentTime;
  if (networkState === audio.NETWORK_IDLE || ahead > 5) $("ground-audio").preload = "metadata";
}
on(audio, "progress suspend", spare);
spare();

ground.leave = () => {
  const playing = page.classList.replace("playing", "started");
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
  m: () => say((audio.muted = !audio.muted) ? "muted" : "nothing"),
});
