let last = "";

/** Says something to screen readers when they are free; the same thing is not said twice in a row. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region || text === last) return;
  last = text;
  region.textContent = text;
}
