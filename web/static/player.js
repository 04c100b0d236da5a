// The one <audio>: its buttons, bar and clock.
import { $, clock, on, spoken } from "./dom.js";
import { focus } from "./focus.js";

export const [page, audio] = [$("session"), $("audio")];
const seek = $("seek");
let marks = [];

export const length = () => audio.duration || +page.dataset.length;
export const play = () => (audio.error ? load(audio.src, audio.currentTime, true) : audio.play().catch(() => {}));
export const pause = () => (pause.stirs() ? page.classList.add("playing") : audio.pause());
pause.stirs = () => false; // whether it fades into sleep: see rest.js
export const toggle = () => (page.classList.toggle("playing") ? play() : pause());
export const skip = (by) => jump(audio.currentTime + by);

export function jump(seconds) {
  audio.currentTime = Math.min(Math.max(seconds, 0), length() - 0.1);
  show();
}

/** Puts another recording in, at *seconds*. */
export function load(url, seconds, playing = page.matches(".playing")) {
  audio.src = url;
  audio.currentTime = seconds;
  if (playing) play();
}

/** Reads the list of chapters. */
export function readMarks() {
  marks = [...page.querySelectorAll("#chapter-list a")].map((link) => {
    const start = +link.dataset.at;
    link.onclick = () => {
      jump(start);
      play();
      return false;
    };
    return { start, title: link.firstElementChild.textContent };
  });
}

const chapterAt = (time) => Math.max(0, marks.findLastIndex(({ start }) => start <= time + 0.01));

/** Notes the place; what it returns finds it once session and chapters are others. */
export function keepPlace() {
  const ends = (at) => [marks[at]?.start ?? 0, marks[at + 1]?.start ?? +page.dataset.length];
  const at = chapterAt(audio.currentTime);
  const name = $("chapter").textContent;
  const [start, end] = ends(at);
  const share = (audio.currentTime - start) / (end - start);
  return () => {
    const there = marks.findIndex(({ title }) => title === name);
    const [from, to] = ends(there < 0 ? at - 1 : there);
    return from + share * (to - from);
  };
}

function show({ type } = {}) {
  const all = length();
  const at = seek.matches(":active") ? +seek.value : audio.currentTime;
  const title = page.dataset.rung ?? marks[chapterAt(at)]?.title ?? "";
  seek.max = all;
  seek.value = at;
  if (type !== "timeupdate" || document.activeElement !== seek) { // or a screen reader counts the seconds
    seek.setAttribute("aria-valuetext", `${spoken(at)} of ${spoken(all)}${title && `, ${title}`}`);
  }
  page.style.setProperty("--done", at / all);
  $("elapsed").textContent = clock(at);
  $("left").textContent = `−${clock(all - at)}`;
  $("chapter").textContent = title;
  if (!audio.error) page.classList.toggle("playing", !audio.paused); // who waits still wants it
}

/** Has the focus from now on; *step* goes on (1) or back (-1). */
export function announce(step) {
  const { lock: title, technique: artist, cover } = page.dataset;
  const acts = {
    play,
    pause,
    seekbackward: () => skip(-15),
    seekforward: () => skip(15),
    seekto: (to) => jump(to.seekTime),
    previoustrack: () => step(-1),
    nexttrack: () => step(1),
  };
  focus({ audio, title, artist, cover, acts });
}

on(audio, "timeupdate seeking durationchange play pause", show);
on(seek, "input change", ({ type }) => (type === "input" && seek.matches(":active") ? show() : jump(seek.value)));
$("play").onclick = toggle;
$("back").onclick = () => skip(-15);
$("forward").onclick = () => skip(15);
