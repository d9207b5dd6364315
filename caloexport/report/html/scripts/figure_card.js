/** A panel on the page: its drawing, the numbers behind it as a table, and both as files. */
import { json, save, svgFile } from "./download.js";
import { drawImages } from "./image_drawing.js";
import { imageTable, numbersTable } from "./numbers_table.js";
import { drawPanel } from "./panel_drawing.js";
import { html } from "./svg.js";
import { onTheme } from "./theme.js";

/** Return the element of a panel of a picture. */
export function figureCard(picture, panel, number) {
  const image = panel.kind === "image";
  const card = html("figure", { class: image ? "card wide" : "card" });
  const place = html("div", { class: image ? "images" : "panel" });
  const draw = () => place.replaceChildren(...drawingsOf(picture, panel));
  draw();
  if (image) onTheme(() => place.isConnected && draw()); // its colours are part of the drawing
  const file = `${picture.name}-${number + 1}`;
  const button = (text, label, act) => {
    const made = html("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", act);
    return made;
  };
  const numbers = html("details", {}, html("summary", {}, "Numbers"));
  numbers.addEventListener("toggle", () => {
    if (numbers.children.length > 1) return;
    numbers.append((image ? imageTable : numbersTable)(panel));
  });
  card.append(place, html("div", { class: "tools" },
    button("SVG", `${panel.title} as SVG`, () => {
      place.querySelectorAll("svg").forEach((drawing, k) => {
        save(`${file}${k ? `-${k + 1}` : ""}.svg`, svgFile(drawing), "image/svg+xml");
      });
    }),
    button("JSON", `${panel.title} as JSON`, () => {
      save(`${file}.json`, json({ picture: picture.title, ...panel }), "application/json");
    }),
    numbers));
  return card;
}

function drawingsOf(picture, panel) {
  if (panel.kind === "image") return drawImages(panel);
  const axes = `${panel.y_label} over ${panel.x_label}`;
  return [drawPanel(panel, `${picture.title}, ${panel.title}: ${axes}, reference and generated`)];
}
