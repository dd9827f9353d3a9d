// What could not be sent is kept on this device until it is.
const PREFIX = "fairway:kept:";
const LIFETIME = 14 * 24 * 3600 * 1000;

/** Kept for one person: the next one at this device does not meet it. */
const name = (url) => `${PREFIX}${document.body.dataset.person ?? ""}:${url}`;

/** Keeps the answers of a form; false when the browser does not let us. */
export function keep(url, fields, version) {
  try {
    localStorage.setItem(name(url), JSON.stringify({ at: Date.now(), fields, version }));
    return true;
  } catch {
    return false;
  }
}

/** What was kept for a form, if it is not too old. */
export function kept(url) {
  try {
    const found = JSON.parse(localStorage.getItem(name(url)) ?? "null");
    if (found && Date.now() - found.at < LIFETIME) return found;
    if (found) forget(url);
  } catch {
    // Unreadable is as good as absent.
  }
  return null;
}

export function forget(url) {
  try {
    localStorage.removeItem(name(url));
  } catch {
    // Nothing is kept where nothing may be kept.
  }
}

export function forgetAll() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // As above.
  }
}
