// The words as they are spoken, from a session's WebVTT, which comes as it is made. The page keeps the cues itself:
// a <track> that is still arriving would stop the recording's clock.

const seconds = (stamp) => stamp.split(":").reduce((sum, part) => 60 * sum + +part, 0);
const plain = (text) => new DOMParser().parseFromString(text, "text/html").body.textContent;

/** Hands each cue of the WebVTT at *url* to *take* when it is there. */
async function read(url, signal, take) {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw answer;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "", got = {}; !got.done; ) {
    got = await reader.read();
    const blocks = (rest + (got.value ?? "\n\n")).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [, start, end, text] = block.match(/([\d:.]+) --> ([\d:.]+).*\n([^]*)/) ?? [];
      if (text) take({ start: seconds(start), end: seconds(end), text: plain(text) });
    }
  }
}

/** The three lines of *place*: what was said in *audio*, what is, what will be. */
export function wordsIn(place, audio) {
  const waiting = [...place.children].map((line) => line.textContent);
  let [source, cues, whole, getting] = ["", [], false, new AbortController()];

  const words = {
    /** Gets the captions at *url*; what is on its way there, or here, is not asked for again. */
    async load(url) {
      if (!url || url === source) return;
      getting.abort();
      const { signal } = (getting = new AbortController());
      const mine = (cues = []);
      [source, whole] = [url, false];
      words.show();
      try {
        await read(url, signal, (cue) => mine.push(cue) && cues === mine && words.show());
        if (cues === mine) whole = true;
      } catch {
        if (signal.aborted) return;
        source = ""; // the next start asks again, or this, if it goes on without
        setTimeout(() => !audio.paused && !source && words.load(url), 3000);
      }
    },

    /** Shows what is said now; returns whether anything is. */
    show() {
      const time = audio.currentTime;
      const at = cues.findLastIndex(({ start }) => start <= time);
      const known = whole || time < cues.at(-1)?.end;
      [...place.children].forEach((line, nth) => {
        const text = known ? (cues[at - 1 + nth]?.text ?? "") : waiting[nth];
        if (line.textContent !== text) line.textContent = text; // or a screen reader says it again
      });
      return time < cues[at]?.end;
    },
  };
  return words;
}
