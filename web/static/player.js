// The one <audio>, with its buttons, bar and clock, here and on the lock screen.
import { $, clock, on } from "./dom.js";

export const [page, audio] = [$("session"), $("audio")];
const seek = $("seek");
let marks = [];

export const length = () => audio.duration || Number(page.dataset.length);
export const play = () => audio.play().catch(() => {}); // what went wrong comes as an "error" event
export const toggle = () => (audio.paused ? play() : audio.pause());
export const skip = (by) => jump(audio.currentTime + by);

export function jump(seconds) {
  audio.currentTime = Math.min(Math.max(seconds, 0), length() - 0.1);
  show();
}

/** Puts another recording in, at *seconds*. */
export function load(url, seconds, playing = !audio.paused) {
  audio.src = url;
  audio.currentTime = seconds;
  if (playing) play();
}

/** Reads the chapters from their list. */
export function readMarks() {
  marks = [...page.querySelectorAll("#chapter-list a")].map((link) => {
    const start = Number(link.dataset.at);
    link.onclick = (event) => {
      event.preventDefault();
      jump(start);
      play();
    };
    return { start, title: link.firstElementChild.textContent };
  });
}

const chapterAt = (seconds) => Math.max(0, marks.findLastIndex(({ start }) => start <= seconds + 0.01));

/** Goes to the beginning of the next chapter (1), or of this one or the one before (-1). */
export function step(by) {
  const to = marks[chapterAt(audio.currentTime + Math.min(0, 3 * by)) + Math.max(0, by)];
  if (to) jump(to.start);
}

const ends = (at, last) => [marks[at]?.start ?? 0, marks[at + 1]?.start ?? last];

/** Notes the place; what it returns finds it, in seconds, once session and chapters are others. */
export function keepPlace() {
  const at = chapterAt(audio.currentTime);
  const title = marks[at]?.title;
  const [start, end] = ends(at, length());
  const share = (audio.currentTime - start) / (end - start);
  return () => {
    const there = marks.findIndex((mark) => mark.title === title);
    const [from, to] = ends(there < 0 ? at - 1 : there, Number(page.dataset.length));
    return from + share * (to - from);
  };
}

function show() {
  const [at, all] = [seek.matches(":active") ? Number(seek.value) : audio.currentTime, length()];
  const title = page.dataset.rung ?? (marks.length > 1 ? marks[chapterAt(at)].title : "");
  seek.max = all;
  seek.value = at;
  seek.ariaValueText = `${clock(at)} of ${clock(all)} ${title}`;
  page.style.setProperty("--done", at / all);
  $("elapsed").textContent = clock(at);
  $("left").textContent = `−${clock(all - at)}`;
  $("chapter").textContent = title;
  page.classList.toggle("playing", !audio.paused);
}

/** Tells the lock screen and the headset's buttons; *step* goes on (1) or back (-1). */
export function announce(step) {
  const system = navigator.mediaSession;
  if (!system) return;
  const { title, technique, cover } = page.dataset;
  const artwork = [{ src: cover, sizes: "512x512", type: "image/jpeg" }];
  system.metadata = new MediaMetadata({ title, artist: technique, album: "voiceguide", artwork });
  const acts = {
    play,
    pause: () => audio.pause(),
    seekbackward: () => skip(-15),
    seekforward: () => skip(15),
    seekto: (to) => jump(to.seekTime),
    previoustrack: () => step(-1),
    nexttrack: () => step(1),
  };
  for (const act in acts) system.setActionHandler(act, acts[act]);
  on(audio, "play seeked durationchange", () => {
    const { duration, currentTime: position } = audio;
    if (position <= duration) system.setPositionState({ duration, position });
  });
}

on(audio, "timeupdate durationchange play pause", show);
on(seek, "input change", ({ type }) => (type === "input" && seek.matches(":active") ? show() : jump(seek.value)));
$("play").onclick = toggle;
$("back").onclick = () => skip(-15);
$("forward").onclick = () => skip(15);
