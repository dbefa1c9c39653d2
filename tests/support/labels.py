"""Which labels of a page lie on each other, as a person would see it: by the boxes of their letters."""

from __future__ import annotations

# Every text node is a label, in the page, in shadow roots and in drawings; boxes are a letter's height less, since
# Arabic fonts reserve room above and below that their letters rarely fill.
_OVERLAPS = """
const [inside] = arguments, labels = [];
const shown = (node) => {
  const style = getComputedStyle(node);
  return style.visibility !== "hidden" && style.display !== "none" && style.clipPath === "none" && Number(style.opacity) > 0;
};
// What a scrolling ancestor hides is not seen; what is around the looked-at element does not matter.
let outermost = null;
function seen(box, node) {
  let { left, right, top, bottom } = box;
  for (let at = node.parentNode; at && at !== outermost?.parentNode; at = at.parentNode ?? at.host) {
    if (at.nodeType !== Node.ELEMENT_NODE || getComputedStyle(at).overflow === "visible") continue;
    const frame = at.getBoundingClientRect();
    left = Math.max(left, frame.left);
    right = Math.min(right, frame.right);
    top = Math.max(top, frame.top);
    bottom = Math.min(bottom, frame.bottom);
  }
  return right - left > 1 && bottom - top > box.height / 2;
}
function walk(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (!node.data.trim()) return;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1 && seen(box, node)) labels.push({ text: node.data.trim().slice(0, 40), node, box });
    return;
  }
  if (node.nodeType === Node.ELEMENT_NODE && (/^(SCRIPT|STYLE|OPTION|NOSCRIPT|TITLE|DEFS)$/i.test(node.tagName) || !shown(node))) return;
  for (const child of node.shadowRoot?.childNodes ?? []) walk(child);
  for (const child of node.childNodes) walk(child);
}
for (outermost of inside ? document.querySelectorAll(inside) : [document.body]) walk(outermost);
const cut = ({ box }) => ({ left: box.left + 1, right: box.right - 1, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4 });
const found = [], boxes = labels.map(cut), order = [...boxes.keys()].sort((a, b) => boxes[a].top - boxes[b].top);
order.forEach((a, place) => {
  for (let next = place + 1; next < order.length && boxes[order[next]].top < boxes[a].bottom; next++) {
    const b = order[next];
    if (labels[a].node !== labels[b].node && boxes[a].left < boxes[b].right && boxes[b].left < boxes[a].right)
      found.push([labels[a].text, labels[b].text]);
  }
});
return [labels.length, found];
"""


def overlapping(driver, inside=None):
    """How many labels there are, and each pair of texts that lie on each other; in elements of a selector, if given."""
    n_labels, pairs = driver.execute_script(_OVERLAPS, inside)
    return n_labels, [tuple(pair) for pair in pairs]
