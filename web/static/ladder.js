// A ladder, climbed by choice: each rung is a recording of its own, and none after the first begins unasked.
import { $, get, keys } from "./dom.js";
import { ground } from "./page.js";
import { audio, jump, load, page, play } from "./player.js";

const rungs = [...$("rungs").children];
const closing = rungs.length + 1;
let at = 0; // the opening; then the rungs, from 1; then the closing

const part = (url, rung) =>
  `${url}${url.includes("?") ? "&" : "?"}part=${rung < 1 ? "opening" : rung < closing ? `rung-${rung}` : "closing"}`;

/** Begins before the opening; *words* are to show those of each part. */
export function ladder(words) {
  function go(rung, playing = true) {
    at = rung;
    page.dataset.rung = rungs[at - 1]?.textContent ?? "";
    load(part(page.dataset.audio, at), 0, playing);
    words.load(part(page.dataset.words, at));
    rungs.forEach((each, place) => (each.ariaCurrent = place === at - 1));
    $("stay").disabled = at < 1 || at === closing;
    for (const [name, to] of [["next", at + 1], ["back-down", at - 1], ["finish", closing]]) {
      $(name).lastElementChild.textContent = rungs[to - 1]?.textContent ?? "";
      $(name).disabled = at === closing || to < 1 || (name === "next" && to === closing);
      if (!$(name).disabled) get(part(page.dataset.audio, to), { Range: "bytes=0-65535" }); // to have it ready
    }
  }

  const choices = {
    stay() {
      jump((words.captions.at(-1)?.end ?? 0) + 1); // the quiet after the last words, once more
      play();
    },
    next: () => go(at + 1),
    "back-down": () => go(at - 1),
    finish: () => go(closing),
  };
  for (const name in choices) {
    $(name).onclick = choices[name];
    keys({ [name[0]]: () => $(name).click() });
  }
  $("rung-ground").onclick = ground;
  go(0, false);

  return {
    again: go,
    changed: () => go(at, !audio.paused),
    ended: () => (at ? at === closing : go(1)), // a part has; was it the last?
    step: (by) => $(by > 0 ? "next" : "back").click(),
  };
}
