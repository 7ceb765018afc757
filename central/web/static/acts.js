// What a reader does: scan, switch people, resolve exceptions. Every answer is said in a sentence.

import { word } from "./words.js";

const said = document.getElementById("said");
const SAY_MS = 8000;
let quiet = 0;

export function say(text, bad = false) {
  said.firstElementChild.textContent = text;
  said.classList.toggle("bad", bad);
  said.hidden = !text;
  clearTimeout(quiet);
  quiet = setTimeout(() => { said.hidden = true; }, SAY_MS);
}

export async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) say([told.what, told.cure].filter(Boolean).join(". ") || answer.statusText, true);
    return answer.ok ? told : null;
  } catch {
    say(word("banner_lost", 0), true);
    return null;
  }
}

function ask(sentence, yes) {
  const dialog = document.getElementById("ask");
  const button = dialog.querySelector("[value=yes]");
  button.dataset.cancel ??= button.textContent;
  button.textContent = yes || button.dataset.cancel;
  document.getElementById("ask-text").textContent = sentence;
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

async function scan(station, text, from) {
  from?.setAttribute("aria-busy", "true");
  await post("/floor/scan", { station, text });
  from?.removeAttribute("aria-busy");
}

// What a form asks for: the button's own value, and numbers as numbers.
function wanted(form, button) {
  const body = button?.name ? { [button.name]: button.value } : {};
  for (const box of form.querySelectorAll("input, select")) body[box.name] = box.type === "number" ? box.valueAsNumber : box.value;
  const who = document.getElementById("by-whom") && sessionStorage.getItem("by-whom");
  if (who) body.who = who;
  return body;
}

// The name stays for the next ticket, and when the page renews itself.
export function fillName() {
  const who = document.getElementById("by-whom");
  if (who && who !== document.activeElement) who.value = sessionStorage.getItem("by-whom") ?? "";
}

// The digits press the buttons of the ticket in their order.
function desk() {
  fillName();
  document.addEventListener("input", ({ target }) => {
    if (target.id === "by-whom") sessionStorage.setItem("by-whom", target.value.trim());
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, dialog[open]") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[1-9]$/.test(event.key)) document.querySelectorAll(".now button")[event.key - 1]?.click();
  });
}

// A touch at the bench's page is a scan of a command barcode there. The page says what it showed; the node judges.
export async function touch(at, text, order, from) {
  from?.setAttribute("aria-busy", "true");
  await post(`/station/${encodeURIComponent(at)}/press`, { text, order_no: order });
  from?.removeAttribute("aria-busy");
}

async function resolve(form, button) {
  if (button.dataset.ask && !(await ask(button.dataset.ask, button.dataset.yes))) return;
  for (const one of form.elements) one.disabled = true;
  const told = await post(form.getAttribute("action"), wanted(form, button));
  for (const one of form.elements) one.disabled = false;
  if (told) say((document.documentElement.lang.startsWith("zh") && told.said_zh) || told.said || "✓");
  if (told) form.reset();
  document.dispatchEvent(new Event("acted"));
}

async function switchPeople(button) {
  const on = button.getAttribute("aria-checked") !== "true";
  const told = await post("/floor/people", { on });
  if (told) showPeople(told.on);
}

export function showPeople(on) {
  const button = document.getElementById("people");
  if (!button) return;
  button.disabled = on === null || on === undefined;
  button.setAttribute("aria-checked", String(Boolean(on)));
  button.querySelector("b").textContent = word(on ? "people_on" : "people_off");
}

export function listen() {
  desk();
  said.querySelector("button").addEventListener("click", () => say(""));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.scan) scan(button.dataset.station, button.dataset.scan, button);
    if (button?.dataset.touch) touch(button.dataset.at, button.dataset.touch, button.dataset.order, button);
    if (button?.id === "people") switchPeople(button);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.scanForm) {
      event.preventDefault();
      const box = form.elements.text;
      if (box.value) scan(form.dataset.scanForm, box.value, box);
      box.value = "";
      box.focus();
    } else if (form.dataset.post !== undefined) {
      event.preventDefault();
      resolve(form, event.submitter);
    }
  });
}
