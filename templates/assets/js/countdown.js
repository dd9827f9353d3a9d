const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far the server's clock, which decides, is ahead of the reader's. */
const ahead = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();

/** What is left, in the unit that matters: days, then hours, then minutes. */
export function left(ms) {
  if (ms < 0) return "closed";
  const [size, name] = ms >= 3 * DAY ? [DAY, "day"] : ms >= HOUR ? [HOUR, "hour"] : [MINUTE, "minute"];
  const n = Math.max(1, Math.floor(ms / size));
  return `${n} ${name}${n === 1 ? "" : "s"} left`;
}

/** Adds to each deadline what is left, and the reader's own time when it is another one than written. */
export function countdowns() {
  const times = [...document.querySelectorAll("time[data-deadline]:not([data-counting])")];
  for (const time of times) {
    time.dataset.counting = "";
    const at = new Date(time.dataset.deadline);
    const rest = document.createElement("span");
    rest.className = "countdown";
    time.after(" ", rest);
    const local = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" }).format(at);
    const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" }).format(at);
    if (!time.textContent.includes(clock)) {
      const own = document.createElement("span");
      own.className = "countdown-local";
      own.textContent = `${local} on your clock`;
      rest.after(own);
    }
    const show = () => {
      const ms = at - (Date.now() + ahead);
      rest.textContent = left(ms);
      rest.toggleAttribute("data-near", ms >= 0 && ms < 3 * DAY);
    };
    show();
    setInterval(show, MINUTE / 2);
  }
}
