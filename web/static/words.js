// The words as they are spoken, from a session's WebVTT.
import { get } from "./dom.js";

const seconds = (time) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

/** The three lines of *place*: what was said, what is, what will be. */
export function wordsIn(place) {
  let [from, captions, shown] = ["", []];
  return {
    /** Gets the captions at *url*; a later call overtakes this. */
    async load(url) {
      if (from === url) return;
      [from, captions, shown] = [url, []];
      const vtt = await (await get(url))?.text();
      if (from !== url || !vtt) return;
      const cues = vtt.matchAll(/([\d:.]+) --> ([\d:.]+)\n(.+(?:\n.+)*)/g);
      captions = Array.from(cues, ([, start, end, text]) => [seconds(start), seconds(end), plain(text)]);
    },

    /** Shows what is said at *time*; returns whether anything is. */
    show(time) {
      const at = captions.findLastIndex(([start]) => start <= time);
      if (captions.length && at !== shown) {
        shown = at;
        [...place.children].forEach((line, nth) => (line.textContent = captions[at - 1 + nth]?.[2] ?? ""));
      }
      return time < captions[at]?.[1];
    },
  };
}
