// The answers of a form as plain values, to send, to keep and to compare.
const OURS = new Set(["csrf", "key", "version"]);

function answerable(field) {
  return field.name && !OURS.has(field.name) && !["file", "password", "submit", "button", "reset"].includes(field.type);
}

/** Name → values of all answers, without token, version, files and passwords. */
export function read(form) {
  const out = {};
  for (const field of form.elements) {
    if (!answerable(field)) continue;
    out[field.name] ??= [];
    if (["radio", "checkbox"].includes(field.type)) {
      if (field.checked) out[field.name].push(field.value);
    } else if (field.multiple && field.selectedOptions) {
      out[field.name].push(...[...field.selectedOptions].map((option) => option.value));
    } else {
      out[field.name].push(field.value);
    }
  }
  return out;
}

/** Puts answers back into a form. */
export function write(form, answers) {
  const next = {};
  for (const field of form.elements) {
    if (!answerable(field) || !(field.name in answers)) continue;
    const values = answers[field.name];
    if (["radio", "checkbox"].includes(field.type)) {
      field.checked = values.includes(field.value);
    } else if (field.multiple && field.options) {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else {
      const i = next[field.name] ?? 0;
      next[field.name] = i + 1;
      if (values[i] !== undefined) field.value = values[i];
    }
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  for (const field of form.querySelectorAll("textarea[data-words]")) field.dispatchEvent(new Event("input"));
}

/** The names of the questions answered differently; line ends and outer blanks do not count. */
export function differing(mine, theirs) {
  const plain = (values) => JSON.stringify((values ?? []).map((value) => value.replace(/\r\n?/g, "\n").trim()));
  return Object.keys(mine).filter((name) => name in theirs && plain(mine[name]) !== plain(theirs[name]));
}

/** Field values from the server, one text or several, as lists. */
export function listed(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [].concat(value).map(String)]));
}
