// The stream of changes: applies them, notices silence, heals itself.

import { fromHtml, morph } from "./morph.js";
import { age, nowS, serverSays, tellTimes, word } from "./words.js";
import { showPeople } from "./acts.js";
import { findFaces, showZone } from "./faces.js";

const SILENT_MS = 8000; // the server says something every 3 s
const AGAIN_MS_MAX = 10_000;
const STALE_S = 5; // a node says something every 2 s
const nodes = new Map(); // node → [presence, heard utc s]
const trouble = { contact: true, record: true };
let since = {}; // trouble → when it began, ms
let version = "";
let heardMs = Date.now();
let source = null;
let waitMs = 1000;

export function apply(parts) {
  for (const [name, value] of Object.entries(parts)) applyOne(name, value);
  if (parts.floor !== undefined) findFaces();
}

function applyOne(name, value) {
  if (name.startsWith("faces:")) showZone(name.slice(6), value);
  else if (name.startsWith("node:")) nodes.set(name.slice(5), value);
  else if (name === "people") showPeople(value);
  else if (name === "contact" || name === "record") trouble[name] = value;
  else replace(name, value);
}

function replace(id, html) {
  const old = document.getElementById(id);
  if (!old || !html) return;
  const wanted = fromHtml(html);
  morph(old, wanted);
  tellTimes(old);
}

export function start(known) {
  version = known;
  connect();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}

function connect() {
  source?.close();
  source = new EventSource(`/events?have=${encodeURIComponent(version)}`);
  source.onmessage = (message) => {
    heardMs = Date.now();
    waitMs = 1000;
    version = message.lastEventId;
    const { now, parts } = JSON.parse(message.data);
    serverSays(now);
    apply(parts);
    tick();
  };
  source.onerror = () => {
    source.close();
    setTimeout(connect, waitMs);
    waitMs = Math.min(waitMs * 1.6, AGAIN_MS_MAX);
    tick();
  };
}

function tick() {
  const silentMs = Date.now() - heardMs;
  const lost = source.readyState !== EventSource.OPEN && silentMs > 1500;
  if (silentMs > SILENT_MS && source.readyState === EventSource.OPEN) connect(); // open, but nothing comes
  tellTimes();
  tellStale(lost || silentMs > SILENT_MS);
  tellBanner(lost || silentMs > SILENT_MS, silentMs);
}

function tellBanner(lost, silentMs) {
  const banner = document.getElementById("banner");
  for (const name of ["contact", "record"]) since[name] = trouble[name] ? 0 : since[name] || Date.now();
  const which = lost ? "banner_lost" : since.contact ? "banner_broker" : since.record ? "banner_store" : "";
  const forMs = lost ? silentMs : Date.now() - (since.contact || since.record);
  banner.hidden = !which;
  const text = which && word(which, Math.round(forMs / 1000));
  if (banner.textContent !== text) banner.textContent = text;
}

function tellStale(lost) {
  for (const mark of document.querySelectorAll("[data-stale]")) {
    const [presence, heard] = nodes.get(mark.dataset.stale) ?? ["", 0];
    const quietS = nowS() - heard;
    const gone = presence === "lost" || presence === "disconnected";
    const stale = lost || gone || !heard || quietS > STALE_S;
    mark.closest("[data-node]").classList.toggle("is-stale", stale);
    const seen = heard ? word("last_seen", age(quietS)) : word("never_seen");
    const text = stale ? (gone ? `${word("node_lost")} · ${seen}` : seen) : "";
    if (mark.textContent !== text) mark.textContent = text;
  }
}
