// A note after a session, and how strong it is before and after, for who has asked to be asked.
import { $, on } from "./dom.js";
import { fresh } from "./me.js";
import { leave } from "./visit.js";

const { script } = $("session").dataset;
const note = $("note");
const visit = fresh();
const put = (kind, id, record) => leave(`${kind}/${id}`, record && { record: { id, script, ...record } });

for (const field of document.querySelectorAll("[data-moment]")) {
  const { moment, scale } = field.dataset;
  on(field, "change", () => put("check-in", `${visit}-${moment}`, field.value && { scale, moment, value: +field.value }));
}
if (note) on(note, "change", () => put("note", visit, note.value.trim() && { text: note.value }));
