/** The answers given to a question: the value, or all ticked ones. */
function answers(form, name) {
  return [...form.elements]
    .filter((field) => field.name === name)
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => field.value);
}

/** Shows a question only when another one has one of the answers named: data-show-if="question=a|b". */
export function conditions() {
  for (const form of document.querySelectorAll("form:has([data-show-if])")) {
    const show = () => {
      for (const part of form.querySelectorAll("[data-show-if]")) {
        const [name, wanted] = part.dataset.showIf.split("=");
        part.hidden = !answers(form, name).some((answer) => wanted.split("|").includes(answer));
      }
    };
    show();
    form.addEventListener("input", show);
    form.addEventListener("change", show);
  }
}
