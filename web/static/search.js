// The library, searched as one types: the server's answer to the form is taken over.
import { $, get, on } from "./dom.js";
import { guarded } from "./me.js";

const form = $("search");
let timer;

async function find() {
  const words = form.q.value.trim();
  const url = `/${words && `?${new URLSearchParams({ q: words })}`}`;
  const answer = await get(url, { Accept: "text/html" });
  if (!answer?.ok || words !== form.q.value.trim()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  $("results").innerHTML = fresh.getElementById("results").innerHTML;
  $("sought").value = words;
  if (!guarded) history.replaceState(null, "", url);
}

on(form.q, "input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, 150);
});
form.onsubmit = () => {
  find();
  return false;
};
