// What was chosen is there the next time: a favourite, and settings, until the usual takes them back.
import { $, on } from "./dom.js";
import { write } from "./outbox.js";

const EVERYWHERE = ["voice", "level", "name", "eyes"]; // the others are of one exercise
const [form, secret] = ["wishes", "private"].map($);
const { script, key } = $("session").dataset;
const changed = new Set();

function put(path, record, there) {
  if (there) write("PUT", path, { record });
  else write("DELETE", path);
}

function remember({ name, id, value, dataset }) {
  const setting = { name: name || id, value: id === "length" ? `${value}s` : value };
  const there = value !== dataset.usual;
  const all = EVERYWHERE.includes(setting.name);
  if (all || !there) put(`setting/${setting.name}/`, { ...setting, script: "" }, there);
  if (!all || !there) put(`setting/${setting.name}/${key}`, { ...setting, script }, there);
}

on(form, "change", ({ target }) => target.id === "sleep" || secret.checked || changed.add(target));
on(form, "taken", () => {
  changed.forEach(remember);
  changed.clear();
});
$("usual").onclick = () => {
  for (const field of form.querySelectorAll("[data-usual]")) {
    field.value = field.dataset.usual;
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
  }
};
$("favourite").onchange = ({ target }) => put(`favourite/${key}`, { script }, target.checked);
