// The page's words in the reader's language, and times as a reader says them.

const WORDS = JSON.parse(document.getElementById("words").textContent);

export const word = (key, n) => (WORDS[key] ?? key).replace("{n}", n);

export function age(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 100) return word("ago_s", s);
  if (s < 6000) return word("ago_min", Math.round(s / 60));
  return word("ago_h", Math.round(s / 3600));
}

let serverAheadMs = 0;
export const serverSays = (nowMs) => { serverAheadMs = nowMs - Date.now(); };
export const nowS = () => (Date.now() + serverAheadMs) / 1000;

const lang = document.documentElement.lang;
const today = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const other = new Intl.DateTimeFormat(lang, day);
const whole = new Intl.DateTimeFormat(lang, { ...day, second: "2-digit", timeZoneName: "short" });
const zone = new Intl.DateTimeFormat(lang, { timeZoneName: "short" }).formatToParts().find((part) => part.type === "timeZoneName");

export function tellTimes(root = document) {
  for (const clock of root.querySelectorAll("[data-clock]")) clock.textContent = word("clock", zone.value);
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const sameDay = at.toDateString() === new Date().toDateString();
    const text = "ago" in time.dataset ? age(nowS() - at / 1000) : (sameDay ? today : other).format(at);
    if (time.textContent !== text) time.textContent = text;
    if (!time.title) time.title = whole.format(at);
  }
}
