/** The report of a comparison: draws what the page holds as numbers. */
import { json, save } from "./download.js";
import { drawn, figureChooser } from "./figure_chooser.js";
import { planeChooser } from "./plane_chooser.js";
import { showerPair } from "./shower_pair.js";
import { themeButton } from "./theme.js";

const RESPONSE = "energy-response"; // has a section of its own

const report = JSON.parse(document.getElementById("report").textContent);
themeButton(document.getElementById("theme"));
document.getElementById("save-report").addEventListener("click", () => {
  const { showers, ...numbers } = report;
  save("report.json", json(numbers), "application/json");
});
const response = report.parts[0]?.pictures.find((picture) => picture.name === RESPONSE);
if (response) document.getElementById("response-figure").append(drawn(response));
const others = report.parts.map((part) => ({
  ...part, pictures: part.pictures.filter((picture) => picture !== response),
}));
figureChooser(document.getElementById("figure-place"), others);
const planePlace = document.getElementById("plane-place");
if (planePlace) planeChooser(planePlace, report.planes);
showerPair(document.getElementById("shower-place"), report.showers);
