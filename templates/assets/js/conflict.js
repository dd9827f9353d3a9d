import { differing, read, write } from "./fields.js";
import { labelOf } from "./errors.js";

/** Shows both texts of every question answered differently. Nothing is overwritten before a choice is made. */
export function showConflict(form, mine, theirs, who, choose) {
  form.querySelector(".conflict")?.remove();
  const names = differing(mine, theirs);
  const box = element("section", "conflict");
  box.tabIndex = -1;
  box.setAttribute("aria-label", "Two versions");
  const title = element("h2");
  title.textContent = who ? `${who} changed this in the meantime` : "This was changed in the meantime";
  const say = element("p");
  say.textContent = names.length
    ? "Nothing of yours is lost and nothing was overwritten. Compare, and choose which answers to go on with."
    : "The answers on your screen are the same; you can go on.";
  box.append(title, say);
  for (const name of names) box.append(pair(form, name, mine[name], theirs[name]));
  const actions = element("div", "actions");
  const use = (label, answers, primary) => {
    const button = element("button", "ds-button");
    button.type = "button";
    if (!primary) button.dataset.variant = "secondary";
    button.textContent = label;
    button.addEventListener("click", () => {
      write(form, answers);
      box.remove();
      choose(answers === mine && names.length > 0);
    });
    actions.append(button);
  };
  if (names.length) use("Go on with mine", mine, false);
  use(names.length ? "Go on with theirs" : "Go on", { ...read(form), ...theirs }, !names.length);
  box.append(actions);
  form.prepend(box);
  box.focus();
  box.scrollIntoView({ block: "start" });
}

function pair(form, name, mine, theirs) {
  const field = [...form.elements].find((candidate) => candidate.name === name);
  const out = element("div", "conflict-part");
  const head = element("h3");
  head.textContent = (field && labelOf(field)) || name;
  const two = element("div", "conflict-pair");
  two.append(side("Yours", mine), side("Theirs", theirs));
  out.append(head, two);
  return out;
}

function side(label, values) {
  const out = element("div");
  const head = element("p");
  head.textContent = label;
  const text = element("div", "conflict-text");
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", label);
  text.textContent = values.join("\n") || "(nothing)";
  out.append(head, text);
  return out;
}

function element(name, className) {
  const out = document.createElement(name);
  if (className) out.className = className;
  return out;
}
