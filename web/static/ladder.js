// A ladder: each rung is a recording, and none after the first begins unasked.
import { $, get, keys } from "./dom.js";
import { audio, load, page } from "./player.js";
import { ground } from "./page.js";

const rungs = [...$("rungs").children];
const closing = rungs.length + 1;
const title = (rung) => rungs[rung - 1]?.textContent ?? "";
const part = (rung) => (rung < 1 ? "opening" : rung < closing ? `rung-${rung}` : "closing");
const of = (url, name) => `${url}${url.includes("?") ? "&" : "?"}part=${name}`;

/** Begins at the opening; *words* show those of each part. */
export function ladder(words) {
  let at = 0; // the opening; then the rungs, from 1; then the closing

  function go(rung, playing = true, name = part(rung)) {
    at = rung;
    page.dataset.rung = title(at);
    load(of(page.dataset.audio, name), 0, playing);
    words.load(of(page.dataset.words, name));
    rungs.forEach((each, place) => each.setAttribute("aria-current", place === at - 1));
    $("stay").disabled = at < 1 || at === closing;
    for (const [name, to] of [["next", at + 1], ["lower", at - 1], ["finish", closing]]) {
      $(name).lastElementChild.textContent = title(to);
      $(name).disabled = at === closing || to < 1 || (name === "next" && to === closing);
      if (!$(name).disabled) get(of(page.dataset.audio, part(to)), { Range: "bytes=0-65535" }); // made ahead
    }
  }

  $("stay").onclick = () => go(at, true, "stay");
  $("next").onclick = () => go(at + 1);
  $("lower").onclick = () => go(at - 1);
  $("finish").onclick = () => go(closing);
  $("rung-ground").onclick = ground;
  const press = (id) => () => $(id).click();
  keys({ s: press("stay"), n: press("next"), b: press("lower"), f: press("finish") });
  go(0, false);

  return {
    again: go,
    changed: () => go(at, !audio.paused),
    ended: () => (at ? at === closing : go(1)), // a part has; was it the last?
    step: (by) => press(by > 0 ? "next" : "lower")(),
  };
}
