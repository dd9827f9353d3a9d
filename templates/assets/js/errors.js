/** Moves the focus to the error summary and names each field there as its label does. */
export function focusErrors() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  for (const link of summary.querySelectorAll('a[href^="#"]')) {
    const name = link.querySelector("[data-field-name]");
    const field = document.getElementById(link.hash.slice(1));
    const label = field && labelOf(field);
    if (name && label) name.textContent = label;
  }
  summary.focus();
}

/** The words a field is asked with: its label, or the legend of its group for radio buttons and check boxes. */
export function labelOf(field) {
  const grouped = field.type === "radio" || (field.type === "checkbox" && field.closest("fieldset"));
  const label = grouped ? field.closest("fieldset")?.querySelector("legend") : field.labels?.[0];
  if (!label) return "";
  const words = label.cloneNode(true);
  for (const extra of words.querySelectorAll(".optional, .ds-sr-only")) extra.remove();
  return words.textContent.trim();
}
