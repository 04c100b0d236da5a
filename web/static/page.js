// What every page has: "Ground me", and the list of keys.
import { $, keys } from "./dom.js";
import { ground } from "./ground.js";

document.documentElement.classList.add("scripted");

const list = $("keys");
const showKeys = () => list.showModal();
$("show-keys").onclick = showKeys;
keys({ g: ground, "?": showKeys });

const filters = $("filters");
filters?.addEventListener("change", () => filters.requestSubmit());
