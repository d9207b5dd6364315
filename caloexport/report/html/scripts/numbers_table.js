/** The numbers behind a panel as a table, made when it is opened. */
import { written } from "./axis.js";
import { comparison } from "./comparison.js";
import { comparisonOf } from "./image_drawing.js";
import { html } from "./svg.js";

/** Return the table of a panel. */
export function numbersTable(panel) {
  const head = [panel.x_label, "reference", "±", "generated", "±", panel.below, "±"];
  const differences = comparison(panel);
  const rows = panel.reference.values.map((usual, k) => {
    const at = panel.binned
      ? `${written(panel.x[k])} to ${written(panel.x[k + 1])}` : written(panel.x[k]);
    const { value, error } = differences[k];
    return [
      at, written(usual), written(panel.reference.errors[k], 2), written(panel.generated.values[k]),
      written(panel.generated.errors[k], 2), written(value), written(error, 2),
    ];
  });
  return tableOf(panel.title, head, rows);
}

/** Return the table of a grid: one row for each cell. */
export function imageTable(panel) {
  const head = [panel.x_label, panel.y_label, "reference", "generated", panel.below];
  const differences = comparisonOf(panel);
  const rows = panel.reference.values.flatMap((row, j) => row.map((usual, i) => [
    `${written(panel.x[i])} to ${written(panel.x[i + 1])}`,
    `${written(panel.y[j])} to ${written(panel.y[j + 1])}`,
    written(usual), written(panel.generated.values[j][i]), written(differences[j][i]),
  ]));
  return tableOf(panel.title, head, rows);
}

function tableOf(title, head, rows) {
  const line = (cells, kind) => html("tr", {}, ...cells.map((text) => html(kind, {}, text)));
  const table = html("table", { class: "numbers" },
    html("caption", { class: "hidden" }, title),
    html("thead", {}, line(head, "th")),
    html("tbody", {}, ...rows.map((row) => line(row, "td"))));
  const box = { class: "scroll", tabindex: "0", role: "region", "aria-label": `Numbers: ${title}` };
  return html("div", box, table);
}
