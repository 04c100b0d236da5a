// The words as they are spoken, from a session's WebVTT.

const clock = (time) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
const signs = { amp: "&", lt: "<", gt: ">" };

/** Captions of a WebVTT text, as {start, end, text} in seconds. */
export function captions(vtt) {
  return vtt.split(/\n{2,}/).flatMap((block) => {
    const [, start, end, text] = block.match(/([\d:.]+) --> ([\d:.]+).*\n([^]+)/) ?? [];
    if (!text) return [];
    const plain = text.trim().replace(/\s+/g, " ").replace(/&(amp|lt|gt);/g, (_, sign) => signs[sign]);
    return [{ start: clock(start), end: clock(end), text: plain }];
  });
}

/** Shows the captions of one recording in *place*, a line before and one after dimmed. */
export class Words {
  captions = [];
  #lines;
  #shown;

  constructor(place) {
    this.#lines = [...place.children];
  }

  /** Gets the captions at *url*; it may take until all is spoken. A later call overtakes an earlier one. */
  async load(url) {
    this.captions = [];
    this.#shown = undefined;
    this.url = url;
    const answer = await fetch(url).catch(() => null);
    if (!answer?.ok) return;
    const text = await answer.text();
    if (this.url === url) this.captions = captions(text);
  }

  /** Shows what is said at *time*, in seconds. Returns whether somebody is speaking. */
  show(time) {
    const at = this.captions.findLastIndex((caption) => caption.start <= time);
    if (this.captions.length && at !== this.#shown) {
      this.#shown = at;
      this.#lines.forEach((line, place) => (line.textContent = this.captions[at - 1 + place]?.text ?? ""));
    }
    return at >= 0 && time < this.captions[at].end;
  }
}
