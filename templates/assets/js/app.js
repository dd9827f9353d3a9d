// Fairway works without this script; each module makes one thing more comfortable.
import { autosaves } from "./autosave.js";
import { conditions } from "./conditions.js";
import { countdowns } from "./countdown.js";
import { focusErrors } from "./errors.js";
import { guards } from "./guard.js";
import { jobs } from "./jobs.js";
import { live } from "./live.js";
import { menus } from "./menus.js";
import { selections } from "./selection.js";
import { splits } from "./split.js";
import { uploads } from "./upload.js";
import { counters } from "./words.js";

/** Brings a page to life; called again when an upload answered with a new page. */
function start() {
  conditions();
  counters();
  countdowns();
  autosaves();
  guards();
  uploads(start);
  selections();
  splits();
  jobs();
  live(start);
  menus();
  focusErrors();
}

start();
