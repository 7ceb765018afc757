// Starts what this page needs.

import { morph } from "./morph.js";
import { tellTimes } from "./words.js";
import { fillName, listen } from "./acts.js";
import { listenToPad } from "./pad.js";
import { findFaces, listenToHands } from "./faces.js";
import { apply, start } from "./live.js";

const main = document.getElementById("main");
listen();
listenToPad();
tellTimes();

if (main.dataset.live) {
  apply(JSON.parse(document.getElementById("state").textContent));
  findFaces();
  const floor = document.getElementById("floor");
  if (floor) listenToHands(floor);
  start(main.dataset.live);
}

// A page about one thing renews itself quietly, so what it shows is never older than a few seconds.
async function refresh() {
  if (document.hidden || document.querySelector("dialog[open]")) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const wanted = page.getElementById("main");
    for (const part of main.querySelectorAll("[data-part]")) delete part.dataset.part;
    morph(main, wanted);
    tellTimes(main);
    fillName();
  } catch { /* the next turn tries again */ }
}
if (main.dataset.refresh) {
  setInterval(refresh, main.dataset.refresh * 1000);
  document.addEventListener("acted", refresh);
}

// Lists filter as one types.
const filter = document.querySelector("[data-filter]");
let typing = 0;
filter?.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const url = `${filter.getAttribute("action")}?${new URLSearchParams(new FormData(filter))}`;
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("rows").replaceWith(page.getElementById("rows"));
    history.replaceState(null, "", url);
    tellTimes();
  }, 200);
});
