// A live view: the server says that something changed, the page is read anew, and its live parts take the place of
// the old ones. A form that somebody is typing in stays as it is.
import { announce } from "./announce.js";

const ahead = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();

/** Follows the live view of a page, if it has one; `start` brings new parts to life. */
export function live(start) {
  timers();
  const bar = document.querySelector("[data-live]:not([data-following])");
  if (!bar) return;
  bar.dataset.following = "";
  const status = bar.querySelector("[data-live-status]");
  const view = { bar, status, seen: bar.dataset.liveSeen, start, busy: false, again: false };
  listen(view, 1000);
  setInterval(timers, 1000);
}

function say(view, text, lost) {
  if (view.status.textContent !== text) view.status.textContent = text;
  view.bar.toggleAttribute("data-lost", lost);
}

function listen(view, pause) {
  const source = new EventSource(`${view.bar.dataset.live}?seen=${encodeURIComponent(view.seen)}`);
  let wait = pause;
  source.onopen = () => {
    wait = 1000;
    say(view, "Live: this page follows the meeting.", false);
  };
  source.addEventListener("change", (event) => {
    view.seen = event.lastEventId;
    refresh(view);
  });
  source.addEventListener("over", () => {
    source.close();
    say(view, "The live view has ended, because you are signed out or no longer take part. Reload the page.", true);
  });
  source.onerror = () => {
    say(view, "Connection lost, trying again. What you have typed stays here.", true);
    // The browser tries again by itself unless it was answered with an error.
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(() => listen(view, Math.min(wait * 2, 15000)), wait);
  };
}

async function refresh(view) {
  if (view.busy) {
    view.again = true;
    return;
  }
  view.busy = true;
  try {
    do {
      view.again = false;
      const answer = await fetch(view.bar.dataset.livePage, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(page, view.start);
    } while (view.again);
  } catch {
    say(view, "Connection lost, trying again. What you have typed stays here.", true);
    setTimeout(() => refresh(view), 2000);
  } finally {
    view.busy = false;
  }
}

function replace(page, start) {
  const heading = document.getElementById("now")?.textContent;
  const focused = document.activeElement;
  for (const old of document.querySelectorAll("[data-live-part]")) {
    const fresh = page.getElementById(old.id);
    if (!fresh) continue;
    const opened = [...old.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
    const next = document.importNode(fresh, true);
    for (const summary of next.querySelectorAll("details > summary")) {
      if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    }
    const typing = [...old.querySelectorAll("form[id]")].filter((form) => form.hasAttribute("data-dirty"));
    old.replaceWith(next);
    for (const form of typing) {
      const place = next.querySelector(`#${CSS.escape(form.id)}`);
      // The property of this name is a button of the form.
      const same = place?.getAttribute("action") === form.getAttribute("action");
      if (same) place.replaceWith(form);
      else keep(form);
    }
  }
  if (focused && !focused.isConnected) successor(focused)?.focus({ preventScroll: true });
  // A mistake of the last form is told once.
  document.querySelector("[data-error-summary]")?.removeAttribute("data-error-summary");
  start();
  const now = document.getElementById("now")?.textContent;
  if (now && now !== heading) announce(now);
}

/** What stands where something with the focus stood. */
function successor(old) {
  if (old.id) return document.getElementById(old.id);
  const alike = [...document.querySelectorAll(`[data-live-part] ${old.localName}`)];
  return alike.find((one) => one.textContent === old.textContent);
}

/** Shows text that was typed into a form which is gone, so that it can be copied. */
function keep(form) {
  const kept = document.querySelector("[data-live-kept]");
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    if (!kept || !field.value.trim() || field.value === field.defaultValue) continue;
    kept.hidden = false;
    const text = document.createElement("p");
    text.className = "typed";
    text.textContent = field.value;
    kept.append(text);
  }
}

/** What is left of the time of a proposal, second by second. */
function timers() {
  for (const timer of document.querySelectorAll("[data-timer]")) {
    timer.dataset.until ??= timer.textContent;
    const rest = Math.round((Date.parse(timer.dataset.timer) - (Date.now() + ahead)) / 1000);
    const clock = `${Math.floor(Math.abs(rest) / 60)}:${String(Math.abs(rest) % 60).padStart(2, "0")}`;
    timer.textContent = `${timer.dataset.until}, ${rest >= 0 ? `${clock} left` : `${clock} over`}`;
    timer.toggleAttribute("data-over", rest < 0);
  }
}
