// The words as they are spoken, from a session's WebVTT.
import { get } from "./dom.js";

const seconds = (time) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Shows captions in the three lines of *place*: what was said, what is, what will be. */
export class Words {
  captions = [];

  constructor(place) {
    this.lines = [...place.children];
  }

  /** Gets the captions at *url*, which come when all is spoken; a later call overtakes an earlier one. */
  async load(url) {
    if (this.url === url) return;
    this.url = url;
    this.captions = [];
    this.shown = null;
    const vtt = await (await get(url))?.text();
    if (this.url !== url || !vtt) return;
    const cues = vtt.matchAll(/([\d:.]+) --> ([\d:.]+)\n(.+(?:\n.+)*)/g);
    this.captions = Array.from(cues, ([, start, end, text]) =>
      ({ start: seconds(start), end: seconds(end), text: plain(text) }));
  }

  /** Shows what is said at *time* (seconds); returns whether anything is. */
  show(time) {
    const at = this.captions.findLastIndex(({ start }) => start <= time);
    if (this.captions.length && at !== this.shown) {
      this.shown = at;
      this.lines.forEach((line, place) => (line.textContent = this.captions[at - 1 + place]?.text ?? ""));
    }
    return at >= 0 && time < this.captions[at].end;
  }
}
