// Places and notes of versions that kept them in the browser go to the nameless listener, once.
import { kept } from "./dom.js";
import { fresh } from "./me.js";
import { write } from "./outbox.js";

for (const key of Object.keys(kept)) {
  const [, kind, script, query] = key.match(/^(place|note) ([^?]+)[?]?(.*)$/) ?? [];
  const [id, text] = [fresh(), kept[key]];
  if (kind === "note" && text.trim()) write("PUT", `note/${id}`, { record: { id, text, script } });
  if (kind === "place") write("PUT", `places/${encodeURI(script)}`, { query, seconds: +text, at: 1 }); // what is there is newer
  if (kind) delete kept[key];
}
