// One sound has the focus: lock screen and headset act on it, and all others fall silent.
import { on } from "./dom.js";

const system = navigator.mediaSession;
const ACTS = "play pause seekbackward seekforward seekto previoustrack nexttrack".split(" ");
let holders = []; // {audio, title, artist, cover, acts}: the last has it, and gives it back after

function tell() {
  if (!system) return;
  const { audio, title, artist = "", cover, acts = {} } = holders.at(-1) ?? {};
  const artwork = cover ? [{ src: cover, sizes: "256x256", type: "image/jpeg" }] : [];
  system.metadata = audio ? new MediaMetadata({ title, artist, artwork }) : null;
  for (const act of ACTS) system.setActionHandler(act, acts[act] ?? null);
  place(audio);
}

function place(audio) {
  if (!system || audio !== holders.at(-1)?.audio) return;
  const { duration, currentTime: position, paused } = audio ?? {};
  system.playbackState = audio ? (paused ? "paused" : "playing") : "none";
  if (position <= duration) system.setPositionState({ duration, position });
}

const sounds = document.querySelectorAll("audio");
const hush = (audio) => sounds.forEach((each) => each === audio || each.pause());

export function focus(sound) {
  hush(sound.audio); // at once: its "play" comes later
  unfocus(sound);
  holders.push(sound);
  tell();
}

export function unfocus(sound) {
  holders = holders.filter((each) => each !== sound);
  tell();
}

for (const each of sounds) {
  on(each, "play pause seeked durationchange", ({ type }) => {
    if (type === "play" && !each.paused) hush(each);
    place(each);
  });
}
