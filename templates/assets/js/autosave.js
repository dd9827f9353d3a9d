import { announce } from "./announce.js";
import { showConflict } from "./conflict.js";
import { differing, listed, read, write } from "./fields.js";
import { dirty } from "./guard.js";
import { forget, keep, kept } from "./kept.js";

const PAUSE = 1200;
const LONGEST_PAUSE = 60_000;

/** Saves a form with data-autosave="URL" while it is filled in. */
export function autosaves() {
  for (const form of document.querySelectorAll("form[data-autosave]:not([data-autosaving])")) {
    form.dataset.autosaving = "";
    new Autosave(form);
  }
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.pause = PAUSE;
    this.running = null;
    this.again = false;
    this.stopped = false;
    this.bar = this.makeBar();
    this.show("idle", "Saved while you write");
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("focusout", () => this.timer && this.save());
    addEventListener("online", () => this.state === "failed" && this.save());
    addEventListener("pagehide", () => this.timer && this.keepHere());
    form.addEventListener("submit", (event) => this.submitting(event), true);
    this.putBack();
  }

  makeBar() {
    const bar = document.createElement("div");
    bar.className = "save-bar";
    const slot = this.form.querySelector("[data-save-status]");
    if (slot) slot.append(bar);
    else this.form.append(bar);
    return bar;
  }

  get versionField() {
    return this.form.elements.namedItem("version");
  }

  typed() {
    dirty(this.form, true);
    if (this.stopped) return;
    if (this.state !== "typing") this.show("typing", "Not saved yet");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /** Leaving a field tells of a change once more; what was tried already is left to the bar and its buttons. */
  changed() {
    if (!this.tried || differing(read(this.form), this.tried).length) this.typed();
  }

  /** A form is sent only after a save that is under way, or it would meet its own older version. */
  submitting(event) {
    clearTimeout(this.timer);
    this.timer = null;
    if (!this.running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    this.again = false;
    this.running.finally(() => this.form.requestSubmit(submitter));
  }

  async save() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.show("saving", "Saving …");
    const sent = read(this.form);
    this.tried = sent;
    this.running = this.send(sent);
    await this.running;
    this.running = null;
    if (this.again) {
      this.again = false;
      this.save();
    }
  }

  async send(sent) {
    let answer;
    try {
      const body = new URLSearchParams(new FormData(this.form));
      answer = await fetch(this.url, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "autosave", Accept: "application/json" },
        redirect: "error",
      });
    } catch {
      this.failed("Not saved: no connection.");
      return;
    }
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) this.saved(told, sent);
    else if (answer.status === 401) this.away();
    else if (answer.status === 409 && told.by !== undefined) await this.stale(told, sent);
    else if (answer.status === 422) this.invalid(told);
    else if (answer.status < 500 && answer.status !== 429) this.refused(told);
    else this.failed("Not saved.");
  }

  saved(told, sent) {
    this.pause = PAUSE;
    if (told.version !== undefined && this.versionField) this.versionField.value = told.version;
    forget(this.url);
    const still = differing(sent, read(this.form)).length > 0;
    dirty(this.form, still);
    this.messages(told.errors ?? {});
    for (const [id, html] of Object.entries(told.live ?? {})) {
      const part = document.getElementById(id);
      if (part) part.innerHTML = html;
    }
    const at = told.saved_at ? new Date(told.saved_at) : new Date();
    const clock = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    this.show("saved", `Saved ${clock}`, told.warnings);
    if (still) this.typed();
  }

  invalid(told) {
    const errors = told.errors ?? {};
    this.messages(errors);
    this.keepHere();
    const n = Object.keys(errors).length;
    this.show("failed", n ? `Not saved: ${n} ${n === 1 ? "answer needs" : "answers need"} your attention` : told.message || "Not saved");
  }

  failed(why) {
    const here = this.keepHere();
    this.show("failed", here ? `${why} Kept on this device.` : why);
    this.button("Try again", () => this.save());
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.pause);
  }

  refused(told) {
    this.stopped = true;
    const here = this.keepHere();
    this.show("failed", `Not saved. ${told.message ?? ""} ${here ? "What you typed is kept on this device." : ""}`.trim());
  }

  away() {
    const here = this.keepHere();
    this.show("away", here ? "You are signed out. What you typed is kept on this device." : "You are signed out. Copy what you typed before you go on.");
    const link = document.createElement("a");
    link.href = `/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in and go on";
    this.bar.append(link);
    if (here) dirty(this.form, false);
  }

  /** Somebody else saved first: shows both, saves nothing until a choice is made. */
  async stale(told, sent) {
    this.stopped = true;
    this.keepHere();
    const theirs = told.theirs ? listed(told.theirs) : await this.fetchTheirs();
    const mine = { ...sent, ...read(this.form) };
    this.show("conflict", `Not saved: ${told.by || "somebody else"} changed this in the meantime. Choose above.`);
    if (!theirs) {
      this.button("Try again", () => {
        this.stopped = false;
        this.save();
      });
      return;
    }
    showConflict(this.form, mine, theirs, told.by, () => {
      const version = told.version ?? this.theirVersion;
      if (version !== undefined && this.versionField) this.versionField.value = version;
      this.stopped = false;
      this.save();
    });
  }

  /** The form as it is on the server now. */
  async fetchTheirs() {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return null;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const form = page.querySelector(`form[data-autosave="${CSS.escape(this.url)}"]`);
      if (!form) return null;
      this.theirVersion = form.elements.namedItem("version")?.value;
      return read(form);
    } catch {
      return null;
    }
  }

  keepHere() {
    return keep(this.url, read(this.form), this.versionField?.value ?? "");
  }

  /** Brings back what could not be sent before; if the server has moved on, shows both. */
  putBack() {
    const found = kept(this.url);
    if (!found) return;
    const now = read(this.form);
    if (!differing(found.fields, now).length) {
      forget(this.url);
    } else if (found.version === (this.versionField?.value ?? "")) {
      write(this.form, found.fields);
      announce("What you typed before was put back and is saved now.");
      this.save();
    } else {
      this.stopped = true;
      this.show("conflict", "There is a text of yours on this device that was not sent. Choose above.");
      showConflict(this.form, found.fields, now, "", (mine) => {
        this.stopped = false;
        if (mine) this.save();
        else {
          forget(this.url);
          this.show("idle", "Saved while you write");
        }
      });
    }
  }

  /** Messages beside the fields; a field without one is cleared. */
  messages(errors) {
    const names = new Set([...this.form.elements].map((field) => field.name).filter(Boolean));
    for (const name of names) {
      const place = document.getElementById(`${name}-error`);
      const field = document.getElementById(name);
      const message = errors[name];
      if (place) {
        place.hidden = !message;
        place.textContent = message ?? "";
      }
      if (message) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
    }
  }

  button(label, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds-button";
    button.dataset.variant = "secondary";
    button.textContent = label;
    button.addEventListener("click", press);
    this.bar.append(button);
  }

  show(state, text, warnings = []) {
    this.state = state;
    this.bar.dataset.state = state;
    const words = document.createElement("span");
    words.textContent = text;
    this.bar.replaceChildren(words);
    if (warnings?.length) {
      const list = document.createElement("ul");
      list.className = "warnings";
      for (const warning of warnings) list.append(Object.assign(document.createElement("li"), { textContent: warning }));
      this.bar.append(list);
    }
    if (!["idle", "typing", "saving"].includes(state)) announce(text);
  }
}
