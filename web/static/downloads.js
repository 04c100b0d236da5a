// A download is made first, and a browser shows nothing of that.
import { $, json } from "./dom.js";
import { say } from "./trouble.js";

const tell = (state, value) => say(state, value, null, $("made"));
let followed;

/** Tells how far the file of *link* is, until it is there or another is asked for. */
export async function follow(link) {
  const name = link.firstElementChild.textContent;
  for (followed = link; link === followed; await new Promise((done) => setTimeout(done, 1000))) {
    const now = await json(link.dataset.state);
    if (now?.state === "ready") return tell("made", name);
    if (now?.state === "failed") return tell("unmade", now.error);
    if (now) tell("making", `${name}, ${Math.round(100 * now.progress)} %`);
    else tell(navigator.onLine ? "unreachable" : "offline");
  }
}
