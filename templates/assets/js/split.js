const WIDE = "(min-width: 56.25rem)";

/** Two panes: a handle between them on wide screens, tabs on small ones; Ctrl+Enter presses the main button. */
export function splits() {
  for (const split of document.querySelectorAll("[data-split]:not([data-splitting])")) {
    split.dataset.splitting = "";
    const panes = [...split.querySelectorAll(":scope > .pane")];
    if (panes.length !== 2) continue;
    handle(split, panes[0]);
    tabs(split, panes);
    split.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      const form = event.target.closest?.("form");
      const main = form?.querySelector("[data-ctrl-enter]");
      const button = main ?? form?.querySelector(".actions button[type=submit]");
      if (button) form.requestSubmit(button);
    });
  }
}

function handle(split, before) {
  const key = `fairway:split:${split.dataset.split}`;
  const bar = document.createElement("div");
  bar.className = "split-handle";
  bar.tabIndex = 0;
  bar.setAttribute("role", "separator");
  bar.setAttribute("aria-orientation", "vertical");
  bar.setAttribute("aria-label", "Width of the panes");
  bar.setAttribute("aria-valuemin", "25");
  bar.setAttribute("aria-valuemax", "75");
  let share = 55;
  const set = (to) => {
    share = Math.min(75, Math.max(25, to));
    split.style.setProperty("--split", `${share}%`);
    bar.setAttribute("aria-valuenow", String(Math.round(share)));
  };
  const remember = () => {
    try {
      localStorage.setItem(key, String(share));
    } catch {
      // Then it is remembered for this page only.
    }
  };
  let stored = NaN;
  try {
    stored = Number.parseFloat(localStorage.getItem(key) ?? "");
  } catch {
    // As above.
  }
  set(Number.isFinite(stored) ? stored : share);
  before.after(bar);
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    const box = split.getBoundingClientRect();
    const move = (to) => set(((to.clientX - box.left) / box.width) * 100);
    bar.addEventListener("pointermove", move);
    bar.addEventListener(
      "pointerup",
      () => {
        bar.removeEventListener("pointermove", move);
        remember();
      },
      { once: true },
    );
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 }[event.key];
    if (!step) return;
    event.preventDefault();
    set(share + step);
    remember();
  });
}

function tabs(split, panes) {
  const links = [...split.querySelectorAll(".split-tabs a")];
  const wide = matchMedia(WIDE);
  let shown = panes[0].id;
  const show = () => {
    for (const pane of panes) pane.hidden = !wide.matches && pane.id !== shown;
    for (const link of links) {
      if (link.hash.slice(1) === shown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (wide.matches) return;
      event.preventDefault();
      shown = link.hash.slice(1);
      show();
      document.getElementById(shown)?.focus({ preventScroll: true });
    });
  }
  // A link of the error summary leads into the pane that holds the field.
  split.ownerDocument.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    const pane = field && panes.find((candidate) => candidate.contains(field));
    if (pane && pane.id !== shown) {
      shown = pane.id;
      show();
    }
  });
  wide.addEventListener("change", show);
  if (split.querySelector("[data-error-summary]")) shown = panes.find((pane) => pane.querySelector("[data-error-summary]")).id;
  show();
}
