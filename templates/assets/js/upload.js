import { announce } from "./announce.js";
import { hold, release } from "./guard.js";

/** Takes dropped files, and sends forms with data-upload with a bar that shows how far it is. */
export function uploads(restart) {
  for (const zone of document.querySelectorAll("[data-drop]:not([data-dropping])")) {
    zone.dataset.dropping = "";
    drop(zone);
  }
  for (const form of document.querySelectorAll("form[data-upload]:not([data-uploading])")) {
    form.dataset.uploading = "";
    form.addEventListener("submit", (event) => {
      const files = [...form.querySelectorAll('input[type="file"]')].some((field) => field.files.length);
      if (!files || event.defaultPrevented) return;
      event.preventDefault();
      if (form.dataset.sent !== undefined) return;
      hold(form);
      send(form, event.submitter, restart);
    });
  }
}

function drop(zone) {
  const field = zone.querySelector('input[type="file"]');
  if (!field) return;
  const over = (is) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.toggleAttribute("data-over", is);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    const dropped = event.dataTransfer?.files;
    if (!dropped?.length) return;
    const taken = new DataTransfer();
    for (const file of [...dropped].slice(0, field.multiple ? dropped.length : 1)) taken.items.add(file);
    field.files = taken.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function send(form, submitter, restart) {
  const box = document.createElement("div");
  box.className = "upload-progress";
  const text = document.createElement("p");
  text.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.setAttribute("aria-label", "Sending");
  box.append(text, bar);
  form.querySelector(".upload-progress")?.remove();
  form.append(box);
  text.textContent = "Sending …";
  const request = new XMLHttpRequest();
  request.open("POST", submitter?.hasAttribute("formaction") ? submitter.formAction : form.getAttribute("action") || location.href);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = (event.loaded / event.total) * 100;
    text.textContent = bar.value < 100 ? `Sending: ${Math.floor(bar.value)} %` : "Sent. Being checked …";
  });
  const failed = () => {
    bar.remove();
    text.textContent = "The file was not sent. Check the connection and try again.";
    announce(text.textContent);
    release(form);
  };
  request.addEventListener("error", failed);
  request.addEventListener("abort", failed);
  request.addEventListener("load", () => {
    if (!request.getResponseHeader("content-type")?.startsWith("text/html")) return failed();
    turn(request.responseText, request.responseURL, restart);
  });
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  request.send(data);
}

/** Shows the page the server answered with, without asking for it again: its message would be gone. */
function turn(html, address, restart) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  document.body.replaceWith(page.body);
  if (address && address !== location.href) history.pushState(null, "", address);
  addEventListener("popstate", () => location.reload(), { once: true });
  scrollTo(0, 0);
  restart();
  if (!document.querySelector("[data-error-summary]")) document.getElementById("main")?.focus();
}
