// The number pad of a bench: one piece was scanned, a gloved hand keys how many there are.

import { touch } from "./acts.js";

const DIGITS_MAX = 4;

export function listenToPad() {
  const pad = document.getElementById("pad");
  if (!pad) return;
  const shown = pad.querySelector("output");
  let asked = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-pad]");
    if (!button) return;
    asked = button.dataset;
    shown.textContent = "0";
    pad.showModal();
  });
  pad.addEventListener("click", (event) => {
    if (event.target === pad) pad.close();
    const key = event.target.closest("button")?.value;
    if (key === "done") {
      pad.close();
      if (Number(shown.textContent)) touch(asked.pad, `PL:COUNT:${shown.textContent}`, asked.order);
    } else if (key === "back") shown.textContent = shown.textContent.slice(0, -1) || "0";
    else if (key && shown.textContent.length < DIGITS_MAX) shown.textContent = String(Number(shown.textContent + key));
  });
}
