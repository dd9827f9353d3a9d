/** Tick boxes of a table: one ticks all, and the bar with what can be done appears when something is ticked. */
export function selections() {
  for (const form of document.querySelectorAll("form:has([data-select-row]):not([data-selecting])")) {
    form.dataset.selecting = "";
    const rows = () => [...form.querySelectorAll("[data-select-row]")];
    const all = form.querySelector("[data-select-all]");
    const bar = form.querySelector("[data-bulk]");
    const said = bar?.querySelector("[data-bulk-count]");
    const show = () => {
      const ticked = rows().filter((row) => row.checked).length;
      if (bar) bar.hidden = ticked === 0;
      if (said) said.textContent = `${ticked} ticked:`;
      if (all) {
        all.checked = ticked > 0 && ticked === rows().length;
        all.indeterminate = ticked > 0 && ticked < rows().length;
      }
    };
    all?.addEventListener("change", () => {
      const { checked } = all;
      for (const row of rows()) row.checked = checked;
      show();
    });
    form.addEventListener("change", (event) => event.target.matches("[data-select-row]") && show());
    // Whoever types into a row means to save it.
    form.addEventListener("input", ({ target }) => {
      const row = target.matches("[data-select-row]") ? null : target.closest("tr")?.querySelector("[data-select-row]");
      if (!row || row.checked) return;
      row.checked = true;
      show();
    });
    show();
  }
}
