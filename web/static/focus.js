// One sound has the focus: lock screen and headset act on it, and all others fall silent.

const system = navigator.mediaSession;
const ACTS = "play pause seekbackward seekforward seekto previoustrack nexttrack".split(" ");
const holders = []; // {audio, title, artist, cover, acts}: the last has it, and gives it back after

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

export function focus(sound) {
  unfocus(sound);
  holders.push(sound);
  tell();
}

export function unfocus(sound) {
  holders.splice(0, Infinity, ...holders.filter((each) => each !== sound));
  tell();
}

for (const event of ["play", "pause", "seeked", "durationchange"]) {
  const heard = ({ target, type }) => {
    if (type === "play") document.querySelectorAll("audio").forEach((each) => each === target || each.pause());
    place(target);
  };
  document.addEventListener(event, heard, true); // these do not bubble
}
