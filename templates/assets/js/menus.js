import { forgetAll } from "./kept.js";

let listening = false;

/** Closes an open menu by Escape or a press elsewhere; signing out forgets what was kept on this device. */
export function menus() {
  if (listening) return;
  listening = true;
  const open = () => document.querySelectorAll("details.person-menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") forgetAll();
  });
}
