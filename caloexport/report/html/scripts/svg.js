/** Elements of SVG and HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element with attributes and children; a string becomes text. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

/** Make an HTML element. */
export function html(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Return the data of a path through points; what is not a number breaks it. */
export function pathOf(points) {
  let [data, down] = ["", false];
  for (const [x, y] of points) {
    const sound = Number.isFinite(x) && Number.isFinite(y);
    if (sound) data += `${down ? "L" : "M"}${round(x)} ${round(y)}`;
    down = sound;
  }
  return data;
}

/** Round to hundredths of a unit of the drawing. */
export function round(value) {
  return Math.round(value * 100) / 100;
}
