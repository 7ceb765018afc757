// Makes an element look like another without replacing it: focus, scroll and running transitions stay.
// An element marked data-part that exists already belongs to another update and is left alone.

const key = (node) => node.nodeType === 1 && (node.id || node.dataset.l || node.dataset.zone || "");

export function morph(old, wanted) {
  syncAttributes(old, wanted);
  syncChildren(old, wanted);
}

function syncAttributes(old, wanted) {
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name) && !isKept(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

// What a person opened stays open.
const isKept = (node, name) => name === "data-kept" || (name === "open" && node.nodeName === "DETAILS");

function syncChildren(old, wanted) {
  const keyed = new Map([...old.childNodes].filter(key).map((node) => [key(node), node]));
  let place = old.firstChild;
  for (const next of [...wanted.childNodes]) {
    const same = key(next) ? keyed.get(key(next)) : alike(place, next) && place;
    if (!same) {
      old.insertBefore(next, place);
      continue;
    }
    if (same === place) place = place.nextSibling;
    else old.insertBefore(same, place);
    syncNode(same, next);
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

function alike(old, next) {
  return old && old.nodeType === next.nodeType && old.nodeName === next.nodeName && !key(old);
}

function syncNode(old, next) {
  if (old.nodeType !== 1) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  if (old.dataset.part !== undefined) return;
  if (old.nodeName === "TIME" && old.dateTime === next.dateTime) return; // its text is the reader's own clock
  morph(old, next);
}

export function fromHtml(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}
