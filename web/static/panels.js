// Panels for browsers that know no popovers: Safari before 17, Firefox before 125.
import { $, on } from "./dom.js";

let [open, opener] = [null, null];

function show(panel, button) {
  open?.classList.remove("open");
  if (open && !panel) opener.focus();
  [open, opener] = [panel, button];
  open?.classList.add("open");
  open?.querySelector("button").focus();
}

on(document, "click", ({ target }) => {
  const button = target.closest("[popovertarget]");
  const panel = button && $(button.getAttribute("popovertarget"));
  if (button ? panel === open : open && !open.contains(target)) show(null);
  else if (button) show(panel, button);
});
on(document, "keydown", ({ key }) => key === "Escape" && open && !document.querySelector("dialog[open]") && show(null));
document.documentElement.classList.add("flat");
