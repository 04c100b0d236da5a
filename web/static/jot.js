// A note after a session, and how strong it is before and after, for who has asked to be asked.
import { $, on } from "./dom.js";
import { fresh } from "./me.js";
import { write } from "./outbox.js";

const { script } = $("session").dataset;
const [note, secret] = ["note", "private"].map($);
const visit = fresh();
const written = new Set();

function put(kind, id, record) {
  if (secret.checked) return;
  written.add(`${kind}/${id}`);
  if (record) write("PUT", `${kind}/${id}`, { record: { id, script, ...record } });
  else write("DELETE", `${kind}/${id}`);
}

for (const field of document.querySelectorAll("[data-moment]")) {
  const { moment, scale } = field.dataset;
  on(field, "change", () => put("check-in", `${visit}-${moment}`, field.value && { scale, moment, value: +field.value }));
}
if (note) on(note, "change", () => put("note", visit, note.value.trim() && { text: note.value }));
on(secret, "change", () => secret.checked && written.forEach((path) => write("DELETE", path)));
