/** Published models against time: one number at a time. On paper all of them. */
import { json, save, svgFile } from "./download.js";
import { drawPlane, planeKey, planeTable } from "./speed_plane.js";
import { html } from "./svg.js";

/** Fill a place with a control and the chosen plane; with nothing where there is none. */
export function planeChooser(place, planes) {
  if (!planes.length) return;
  const cards = planes.map(card);
  const options = planes.map((plane, k) => html("option", { value: k }, plane.y_label));
  const input = html("select", { "aria-label": "Number" }, ...options);
  const output = html("div");
  const show = () => output.replaceChildren(cards[Number(input.value)]);
  input.addEventListener("change", show);
  if (planes.length > 1) {
    const field = html("label", {}, html("span", {}, "Number"), input);
    place.append(html("div", { class: "controls" }, field));
  }
  place.append(output);
  show();
  window.addEventListener("beforeprint", () => output.replaceChildren(...cards));
  window.addEventListener("afterprint", show);
}

function card(plane) {
  const drawing = drawPlane(plane);
  const button = (text, label, act) => {
    const made = html("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", act);
    return made;
  };
  const numbers = html("details", {}, html("summary", {}, "Numbers"), planeTable(plane));
  return html("figure", { class: "card plane" },
    html("h3", {}, plane.title),
    html("div", { class: "plane-parts" },
      html("div", { class: "panel" }, drawing), planeKey(plane)),
    html("figcaption", { class: "note" }, plane.notes.join(" ")),
    html("div", { class: "tools" },
      button("SVG", `${plane.title} as SVG`, () => {
        save(`${plane.name}.svg`, svgFile(drawing), "image/svg+xml");
      }),
      button("JSON", `${plane.title} as JSON`, () => {
        save(`${plane.name}.json`, json(plane), "application/json");
      }),
      numbers));
}
