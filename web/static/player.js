// The one <audio>, with its buttons, bar and clock, here and on the lock screen.
import { $, aloud, clock } from "./dom.js";

export const page = $("session");
export const audio = $("audio");
const [seek, bar, chapter] = [$("seek"), $("seek").parentElement, $("chapter")];
let marks = [];
let dragging = false;

export const length = () => audio.duration || Number(page.dataset.length);
export const play = () => audio.play().catch(() => {}); // what went wrong comes as an "error" event
export const toggle = () => (audio.paused ? play() : audio.pause());

export function jump(seconds) {
  audio.currentTime = Math.min(Math.max(seconds, 0), length() - 0.1);
  show();
}

/** Puts another recording in, at *seconds*. */
export function load(url, seconds = 0, playing = !audio.paused) {
  audio.src = url;
  audio.currentTime = seconds;
  playing && play();
  show();
}

/** Where *seconds* is: {chapter, share} counts its parts from 0. */
export function place(seconds) {
  const at = Math.max(0, marks.findLastIndex((mark) => mark.start <= seconds + 0.01));
  const [start, end] = [marks[at]?.start ?? 0, marks[at + 1]?.start ?? length()];
  return { chapter: at, share: (seconds - start) / (end - start), count: marks.length };
}

/** The seconds of such a place in the recording as it is now. */
export function seconds({ chapter, share, count }) {
  const [at, all] = count === marks.length ? [chapter, marks] : [0, []];
  const [start, end] = [all[at]?.start ?? 0, all[at + 1]?.start ?? Number(page.dataset.length)];
  return start + share * (end - start);
}

/** Reads the chapters from their list again. */
export function mark() {
  const links = [...page.querySelectorAll("#chapter-list a")];
  marks = links.map((link) => ({ start: Number(link.dataset.at), title: link.firstElementChild.textContent }));
  $("marks").replaceChildren(...marks.slice(1).map(({ start }) => {
    const tick = document.createElement("i");
    tick.style.left = `${(100 * start) / Number(page.dataset.length)}%`;
    return tick;
  }));
  for (const link of links) {
    link.onclick = (event) => {
      event.preventDefault();
      jump(Number(link.dataset.at));
      play();
    };
  }
}

/** Brings bar and clock up to date. */
export function show() {
  const at = dragging ? Number(seek.value) : audio.currentTime;
  const all = length();
  const title = marks.length > 1 ? marks[place(at).chapter].title : (page.dataset.rung ?? "");
  seek.max = all;
  if (!dragging) seek.value = at;
  seek.setAttribute("aria-valuetext", `${aloud(at)} of ${aloud(all)}${title && `, ${title}`}`);
  bar.style.setProperty("--done", Math.min(1, at / all));
  $("elapsed").textContent = clock(at);
  $("left").textContent = `−${clock(all - at)}`;
  chapter.textContent = title;
  page.classList.toggle("playing", !audio.paused);
  $("play").setAttribute("aria-label", audio.paused ? "Play" : "Pause");
}

const system = navigator.mediaSession;

/** Tells the lock screen and the headset's buttons; *step* goes a chapter or a rung on (1) or back (-1). */
export function announce(step) {
  if (!system) return;
  const { title, technique, cover } = page.dataset;
  const artwork = [{ src: new URL(cover, location), sizes: "512x512", type: "image/jpeg" }];
  system.metadata = new MediaMetadata({ title, artist: technique, album: "voiceguide", artwork });
  const acts = {
    play,
    pause: () => audio.pause(),
    stop: () => audio.pause(),
    seekbackward: (by) => jump(audio.currentTime - (by.seekOffset || 15)),
    seekforward: (by) => jump(audio.currentTime + (by.seekOffset || 15)),
    seekto: (to) => jump(to.seekTime),
    previoustrack: () => step(-1),
    nexttrack: () => step(1),
  };
  for (const [name, act] of Object.entries(acts)) {
    try { system.setActionHandler(name, act); } catch { /* an action this browser doesn't know */ }
  }
}

/** Goes to the beginning of another chapter. */
export const step = (by) => {
  const to = marks[place(audio.currentTime - (by < 0 ? 3 : 0)).chapter + (by > 0 ? 1 : 0)];
  if (to) jump(to.start);
};

function tell() {
  if (!system?.setPositionState || !audio.duration) return;
  system.setPositionState({ duration: audio.duration, position: Math.min(audio.currentTime, audio.duration) });
}

for (const event of ["timeupdate", "durationchange", "play", "pause", "seeking"]) audio.addEventListener(event, show);
for (const event of ["play", "seeked", "durationchange"]) audio.addEventListener(event, tell);
seek.oninput = () => {
  dragging = true;
  show();
};
seek.onchange = () => {
  dragging = false;
  jump(Number(seek.value));
};
$("play").onclick = toggle;
$("back").onclick = () => jump(audio.currentTime - 15);
$("forward").onclick = () => jump(audio.currentTime + 15);
