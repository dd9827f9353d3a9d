// How the tests find things on a page: by the words a person would use.

const tidy = (text) => (text || "").replace(/[\s\u00a0\u202f]+/g, " ").trim();

const visible = (element) =>
  element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && element.getClientRects().length > 0;

const referred = (element, attribute) =>
  (element.getAttribute(attribute) || "").split(/\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)).filter(Boolean);

// The words of an element without the values of the controls inside it and without what is hidden from everybody.
function words(element) {
  let text = "";
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) text += node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    if (node.matches("select, textarea, input, script, style, template, [aria-hidden=true], [hidden]")) continue;
    text += node.matches("img") ? ` ${node.alt} ` : node.matches("svg")
      ? ` ${tidy(node.querySelector("title")?.textContent)} ` : /^inline$/.test(getComputedStyle(node).display)
        ? words(node) : ` ${words(node)} `;
  }
  return tidy(text);
}

// An approximation of the accessible name that is good enough to find a thing by it.
function name(element) {
  const by = referred(element, "aria-labelledby").map(words).join(" ");
  if (by) return tidy(by);
  if (element.getAttribute("aria-label")) return tidy(element.getAttribute("aria-label"));
  if (element.matches("input[type=submit], input[type=button], input[type=reset]")) return tidy(element.value);
  if (element.labels && element.labels.length) return words(element.labels[0]);
  return words(element) || tidy(element.title);
}

const PRESSABLE = "button, a[href], summary, input[type=submit], input[type=button], input[type=reset], " +
  "[role=button], [role=link], [role=tab], [role=menuitem], [role=option]";
const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]), textarea, select, " +
  "[contenteditable=true], [role=textbox], [role=combobox], [role=switch]";
const REGIONS = "tr, li, dd, dl > div, fieldset, article, section, form, details, dialog, figure, nav, aside, " +
  "[role=group], [role=region], [role=listitem], [role=dialog]";

// The parts of the page that hold the words, the smallest first.
function regions(holding) {
  if (!holding) return [document.body];
  return [...document.querySelectorAll(REGIONS)]
    .filter((region) => visible(region)
      && (tidy(region.innerText).includes(holding) || tidy(region.getAttribute("aria-label")) === holding))
    .sort((a, b) => (a.contains(b) ? 1 : b.contains(a) ? -1 : 0));
}

// The first thing that is called so: exactly, else by what is visible of it, else by its beginning.
function called(candidates, wanted) {
  const named = candidates.map((element) => [element, name(element)]);
  const found = named.find(([, text]) => text === wanted)
    || named.find(([element]) => tidy(element.innerText) === wanted)
    || named.find(([, text]) => text.startsWith(wanted));
  return found ? found[0] : null;
}

function inside(holding, selector, wanted, choose) {
  for (const region of regions(holding)) {
    const found = choose([...region.querySelectorAll(selector)], tidy(wanted));
    if (found) return found;
  }
  return null;
}

const find = {
  pressable: (holding, wanted) =>
    inside(holding, PRESSABLE, wanted, (all, text) => called(all.filter(visible), text)),

  // Files and styled switches may be out of sight while their label is not.
  field: (holding, wanted) => inside(holding, FIELDS, wanted, (all, text) =>
    called(all.filter(visible), text) || called(all.filter((field) => [...(field.labels || [])].some(visible)), text)),

  choice: (holding, group, wanted) => inside(holding, "fieldset, [role=radiogroup], [role=group]", group, (all, text) => {
    const title = (set) => words(set.querySelector("legend") || document.createElement("p")) || name(set);
    const set = all.find((candidate) => visible(candidate) && (title(candidate) === text))
      || all.find((candidate) => visible(candidate) && title(candidate).startsWith(text));
    return set && called([...set.querySelectorAll("input[type=radio], input[type=checkbox], [role=radio]")], tidy(wanted));
  }),

  option: (select, wanted) => {
    const options = [...select.options];
    const text = tidy(wanted);
    return options.find((option) => tidy(option.label) === text)
      || options.find((option) => tidy(option.label).startsWith(text)) || null;
  },

  // What the pointer can reach: the control itself, or its label where the control is drawn by its label.
  handle: (control) => {
    const box = control.getBoundingClientRect();
    const reachable = box.width > 2 && box.height > 2 && getComputedStyle(control).opacity !== "0";
    return reachable ? control : [...(control.labels || [])].find(visible) || control;
  },
};

const page = {
  text: () => (document.body ? document.body.innerText : ""),

  names: () => [...document.querySelectorAll(`${PRESSABLE}, ${FIELDS}`)].filter(visible).map((element) =>
    `${element.localName}${element.type ? `[${element.type}]` : ""} "${name(element)}"`).join("\n"),

  // Sets what cannot be typed the same way in every language of the browser: dates, times, colours, sliders.
  set: (control, value) => {
    control.focus();
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
    return control.value;
  },

  // Things that stick out make the page scroll sideways, which WCAG 1.4.10 (reflow) forbids.
  sticking_out: () => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = (element) => element && element !== document.body && element !== document.documentElement
      && (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.body.querySelectorAll("*")]
      .filter((element) => visible(element) && element.getBoundingClientRect().right > width + 1 && !scrolls(element.parentElement))
      .slice(0, 5).map((element) => `${element.localName}.${[...element.classList].join(".")} "${tidy(element.innerText).slice(0, 60)}"`);
  },
};
