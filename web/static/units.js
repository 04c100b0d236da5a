// What a screen reader says of the sliders in the settings.
import { $, on, spoken } from "./dom.js";

const level = (value) => (+value ? `${-value} decibels under the voice` : "as loud as the voice");

for (const [id, words] of [["length", spoken], ["level", level]]) {
  on($(id), "input", ({ target }) => target.setAttribute("aria-valuetext", words(target.value)));
}
