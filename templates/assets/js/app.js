// Fairway works without this script; each module makes one thing more comfortable.
import { focusErrors } from "./errors.js";

focusErrors();
