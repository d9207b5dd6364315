/** Files that the page makes itself: drawings as SVG, numbers as JSON. */

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity",
  "font-family", "font-size", "font-weight",
];

/** Hand a text to the reader as a file. */
export function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Return data as JSON text for people. */
export function json(data) {
  return `${JSON.stringify(data, null, 1)}\n`;
}

/** Return a drawing as an SVG file, in light colours, with all styles in it. */
export function svgFile(drawing) {
  const root = document.documentElement;
  const theme = root.dataset.theme;
  root.dataset.theme = "light";
  const copy = drawing.cloneNode(true);
  copy.querySelectorAll(".readings").forEach((one) => one.remove());
  const kept = drawing.querySelectorAll(":not(.readings):not(.readings *)");
  [...copy.querySelectorAll("*")].forEach((element, k) => style(element, kept[k]));
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  copy.removeAttribute("class");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const text = new XMLSerializer().serializeToString(copy);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

function style(element, model) {
  const computed = getComputedStyle(model);
  for (const name of STYLES) element.setAttribute(name, computed.getPropertyValue(name));
  element.removeAttribute("class");
}
