let listening = false;

/** Whether something typed would be lost; autosave clears the mark when it is kept. */
export function dirty(form, is) {
  form.toggleAttribute("data-dirty", is);
}

/** Asks before a page with unsaved answers is left, and takes a form only once. */
export function guards() {
  for (const form of document.querySelectorAll("form.form, form[data-autosave]")) {
    if (form.method === "post") form.addEventListener("input", () => dirty(form, true));
  }
  if (listening) return;
  listening = true;
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-dirty]")) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target === "_blank") return;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    hold(form);
  });
  // A page fetched from the browser's memory must take its form again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) release(form);
  });
}

/** Marks a form as sent; its buttons only after the browser has read which one was pressed. */
export function hold(form) {
  form.dataset.sent = "";
  dirty(form, false);
  setTimeout(() => mark(form, true));
}

/** Lets a form be sent again. */
export function release(form) {
  delete form.dataset.sent;
  mark(form, false);
}

function mark(form, busy) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    if (busy) {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-busy", "true");
    } else {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-busy");
    }
  }
}
