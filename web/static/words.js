// The words as they are spoken, from a session's WebVTT, which comes as the session is made.

/** The three lines of *place*: what was said in *audio*, what is, what will be. */
export function wordsIn(place, audio) {
  const captions = audio.appendChild(document.createElement("track"));
  captions.track.mode = "hidden";
  return {
    /** Gets the captions at *url*. */
    load(url) {
      if (captions.getAttribute("src") !== url) captions.src = url;
    },

    /** Shows what is said at *time*; returns whether anything is. */
    show(time) {
      const cues = captions.track.cues ?? [];
      const at = [...cues].findLastIndex(({ startTime }) => startTime <= time);
      [...place.children].forEach((line, nth) => {
        const text = cues[at - 1 + nth]?.getCueAsHTML().textContent ?? "";
        if (line.textContent !== text) line.textContent = text; // or a screen reader says it again
      });
      return time < cues[at]?.endTime;
    },
  };
}
