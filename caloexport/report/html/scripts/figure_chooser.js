/** The figures, one at a time: which, at which energy, of which showers. On paper all of them. */
import { figureCard } from "./figure_card.js";
import { html } from "./svg.js";

const ALL = "";
const PRINTED = 4; // energies that paper has room for, where all are chosen
const FIRST = "longitudinal-profile"; // that is shown, where there is one

/** Fill a place with controls and the chosen figure. */
export function figureChooser(place, parts) {
  const pictures = [...new Map(parts.flatMap((part) => part.pictures.map((p) => [p.name, p])))
    .values()];
  if (!pictures.length) return;
  const figure = select("Figure", grouped(pictures));
  const energy = select("Energy", [html("option", { value: ALL }, "all energies")]);
  const labels = parts.map(({ label }, k) => html("option", { value: k }, label));
  const showers = select("Showers", labels);
  const output = html("div", { class: "figures", "aria-live": "polite" });
  const steps = ["‹", "›"].map((text, k) => {
    const label = k ? "Next figure" : "Previous figure";
    const button = html("button", { type: "button", "aria-label": label }, text);
    button.addEventListener("click", () => {
      const there = [...figure.input.options].filter((one) => !one.disabled);
      const at = there.indexOf(figure.input.selectedOptions[0]);
      there.at((at + (k ? 1 : -1)) % there.length).selected = true;
      show();
    });
    return button;
  });
  const part = () => parts[Number(showers.input.value)];
  const energies = () => {
    const before = energy.input.value;
    const told = part().energies;
    energy.input.replaceChildren(html("option", { value: ALL }, "all energies"),
      ...told.map((label) => html("option", { value: label }, label)));
    if (told.includes(before)) energy.input.value = before;
    energy.field.hidden = told.length < 2;
  };
  /** Offer the figures that the showers have; one of angle or geometry may lack some. */
  const offer = () => {
    const names = new Set(part().pictures.map(({ name }) => name));
    const options = [...figure.input.options];
    for (const one of options) one.hidden = one.disabled = !names.has(one.value);
    if (names.has(figure.input.value)) return;
    figure.input.value = names.has(FIRST) ? FIRST : options.find((one) => !one.disabled)?.value;
  };
  const wanted = () => (energy.input.value === ALL ? null : [energy.input.value]);
  const chosen = (name) => part().pictures.filter((one) => one.name === name);
  const show = () => {
    const found = chosen(figure.input.value);
    output.replaceChildren(...(found.length ? found.map((one) => drawn(one, wanted()))
      : [html("p", {}, "These showers do not have this figure.")]));
  };
  showers.input.addEventListener("change", () => {
    offer();
    energies();
    show();
  });
  for (const input of [figure.input, energy.input]) input.addEventListener("change", show);
  showers.field.hidden = parts.length < 2;
  const stepped = html("div", { class: "stepped" }, figure.field, ...steps);
  place.append(html("div", { class: "controls" }, stepped, energy.field, showers.field), output);
  if (pictures.some(({ name }) => name === FIRST)) figure.input.value = FIRST;
  offer();
  energies();
  show();
  document.addEventListener("click", ({ target }) => {
    const name = target.closest?.("[data-picture]")?.dataset.picture;
    if (!chosen(name).length) return; // elsewhere on the page
    figure.input.value = name;
    show();
  });
  window.addEventListener("beforeprint", () => {
    const { label, energies: all, pictures: every } = part();
    const printed = wanted() ?? few(all);
    const rest = printed.length < all.length ? ", the others on the screen" : "";
    const told = `Showers: ${label}. Energies: ${printed.join(", ")}${rest}.`;
    output.replaceChildren(...(all.length ? [html("p", { class: "note" }, told)] : []),
      ...every.map((one) => drawn(one, printed)));
  });
  window.addEventListener("afterprint", show);
}

/** Return lowest, middle and highest of many energies, and those that were not trained on. */
function few(labels) {
  if (labels.length <= PRINTED) return labels;
  const last = labels.length - 1;
  const kept = new Set([0, Math.round(last / 2), last]);
  return labels.filter((label, k) => kept.has(k) || label.endsWith("*"));
}

/** Return a picture: its title and its panels at some energies, those of all energies with them. */
export function drawn(picture, energies = null) {
  const here = picture.panels.filter((panel) => !energies || energies.includes(panel.energy)
    || !panel.energy);
  const panels = here.length ? here : picture.panels;
  return html("section", { class: "picture" }, html("h3", {}, picture.title),
    html("div", { class: "grid" }, ...panels.map((panel) => (
      figureCard(picture, panel, picture.panels.indexOf(panel))))));
}

function select(label, options) {
  const input = html("select", { "aria-label": label }, ...options);
  return { input, field: html("label", {}, html("span", {}, label), input) };
}

function grouped(pictures) {
  const groups = new Map();
  for (const { name, title, group } of pictures) {
    if (!groups.has(group)) groups.set(group, html("optgroup", { label: group }));
    groups.get(group).append(html("option", { value: name }, title));
  }
  return [...groups.values()];
}
