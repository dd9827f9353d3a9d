/** Follows a job: data-job names an address that answers {done, total, state, href}. */
export function jobs() {
  for (const box of document.querySelectorAll("[data-job]:not([data-followed])")) {
    box.dataset.followed = "";
    follow(box, 1000);
  }
}

async function follow(box, pause) {
  const text = box.querySelector("[data-job-text]");
  const bar = box.querySelector("progress");
  try {
    const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const job = await answer.json();
      if (bar) {
        bar.max = Math.max(job.total || 0, 1);
        bar.value = job.state === "done" ? bar.max : job.done || 0;
      }
      if (job.state === "done") {
        text.textContent = "Done. ";
        if (job.href) text.append(link(job.href, "See the result"));
        return;
      }
      if (job.state === "failed") {
        text.textContent = "This did not work. Nothing was changed; you can start it again.";
        return;
      }
      text.textContent = `${job.done} of ${job.total} done. You can leave this page.`;
    }
  } catch {
    // The next round tries again.
  }
  setTimeout(() => follow(box, Math.min(pause * 1.5, 5000)), pause);
}

function link(href, label) {
  const a = document.createElement("a");
  a.href = href;
  a.textContent = label;
  return a;
}
