// The light modules of the floor: paint what they show, press them, walk them with the arrow keys.

import { word } from "./words.js";
import { post } from "./acts.js";

const HOLD_MS = 600;
const PRESSED_MS = 3000; // until the module shows something else, but not for ever
const SIGN = { unlit: "!", unreachable: "×" };
const zones = new Map(); // zone → {location: [state, colour, pieces]} of all that is not dark; unheard zones are missing
const painted = new Map(); // location → what it shows, as text

let shown = null; // the module whose words stand under the zones

export function findFaces() {
  painted.clear();
  for (const zone of document.querySelectorAll(".zone")) {
    if (!zone.querySelector('.face[tabindex="0"]')) zone.querySelector(".face")?.setAttribute("tabindex", "0");
    paintZone(zone.dataset.zone);
  }
}

export function showZone(zone, faces) {
  zones.set(zone, faces);
  paintZone(zone);
}

function paintZone(zone) {
  const faces = zones.get(zone);
  for (const place of document.querySelectorAll(`.zone[data-zone="${CSS.escape(zone)}"] .face`)) {
    const face = faces ? (faces[place.dataset.l] ?? ["dark", "", 0]) : ["unknown", "", 0];
    const text = face.join();
    if (painted.get(place.dataset.l) === text) continue;
    painted.set(place.dataset.l, text);
    paint(place, ...face);
  }
}

function paint(place, state, colour, pieces) {
  place.setAttribute("class", `face ${state}${state === "lit" ? ` c-${colour}` : ""}`);
  place.querySelector("text").textContent = SIGN[state] ?? (state === "lit" && pieces ? pieces : "");
  place.setAttribute("aria-label", describe(place, state, colour, pieces));
  if (place === shown) tellDetail(place);
}

function describe(place, state, colour, pieces) {
  const lit = state === "lit" ? ` ${word(colour)}, ${pieces} ${word("pieces")}` : "";
  return `${place.dataset.l}: ${word(state)}${lit}. ${place.dataset.g}`;
}

function tellDetail(place) {
  shown = place;
  document.getElementById("detail").textContent = place.getAttribute("aria-label");
}

async function press(place, hold) {
  place.classList.add("pressed", ...(hold ? ["held"] : []));
  setTimeout(() => place.classList.remove("pressed", "held"), PRESSED_MS);
  const done = await post("/floor/press", { location_id: place.dataset.l, hold });
  if (!done) place.classList.remove("pressed", "held");
}

export function listenToHands(floor) {
  const help = document.getElementById("detail").textContent;
  const hands = floor.classList.contains("touch");
  const tell = (event) => {
    const place = event.target.closest(".face");
    if (place) tellDetail(place);
  };
  const rest = () => { shown = null; document.getElementById("detail").textContent = help; };
  floor.addEventListener("pointerover", tell);
  floor.addEventListener("focusin", tell);
  floor.addEventListener("pointerleave", rest);
  floor.addEventListener("focusout", rest);
  floor.addEventListener("keydown", (event) => onKey(event, hands));
  if (hands) listenToPointer(floor);
}

function listenToPointer(floor) {
  let held = null; // {place, timer} while a finger is down
  const letGo = () => { clearTimeout(held?.timer); held?.place.classList.remove("down"); held = null; };
  floor.addEventListener("pointerdown", (event) => {
    const place = event.target.closest(".face");
    if (!place || event.button !== 0) return;
    place.classList.add("down");
    held = { place, timer: setTimeout(() => { letGo(); press(place, true); }, HOLD_MS) };
  });
  floor.addEventListener("pointerup", (event) => {
    const place = held?.place;
    letGo();
    if (place && place === event.target.closest(".face")) press(place, false);
  });
  floor.addEventListener("pointercancel", letGo);
  floor.addEventListener("contextmenu", (event) => { if (event.target.closest(".face")) event.preventDefault(); });
}

function onKey(event, hands) {
  const place = event.target.closest?.(".face");
  if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
  if (hands && (event.key === "Enter" || event.key === " ")) act(event, () => press(place, event.shiftKey));
  else if (hands && event.key.toLowerCase() === "s") act(event, () => press(place, true));
  else if (event.key.startsWith("Arrow")) act(event, () => walk(place, event.key));
}

function act(event, what) {
  event.preventDefault();
  if (!event.repeat || event.key.startsWith("Arrow")) what();
}

// The nearest module in the arrow's direction, as the eye sees it.
function walk(from, arrow) {
  const zone = from.closest(".zone");
  const a = from.getBoundingClientRect();
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[arrow];
  let best = null;
  for (const place of zone.querySelectorAll(".face")) {
    const b = place.getBoundingClientRect();
    const along = (b.x - a.x) * dx + (b.y - a.y) * dy;
    const aside = Math.abs((b.x - a.x) * dy) + Math.abs((b.y - a.y) * dx);
    const cost = along + aside * 3;
    if (place !== from && along > 2 && (!best || cost < best.cost)) best = { place, cost };
  }
  if (!best) return;
  from.setAttribute("tabindex", "-1");
  best.place.setAttribute("tabindex", "0");
  best.place.focus();
}
