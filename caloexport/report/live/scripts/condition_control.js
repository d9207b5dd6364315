/**
 * The control of one condition: a slider with a field for its number, or a list of categories.
 *
 * A description (report/live/controls.py) has `value`, `low` and `high` in MeV, rad or mm, and of
 * a category the index; the reader sees numbers in units of `size`. The slider covers the trained
 * range; the field takes any number, and says when it is outside.
 */
import { html } from "../../html/scripts/svg.js";
import { digits } from "./words.js";

const STEPS = 1000;
let made = 0;
const SLACK = 1e-6; // as runtime/conditions.py: ends of ranges come through float arithmetic

export class ConditionControl {
  /** `changed()` is called when the reader has chosen another value. */
  constructor(description, changed) {
    this.description = description;
    this.value = description.value;
    this.changed = changed;
    this.id = `condition-${++made}`;
    const label = html("label", { for: this.id }, description.label);
    this.element = html("div", { class: "condition" }, label);
    if (description.categories.length) this.makeList();
    else this.makeNumber();
  }

  makeList() {
    const options = this.description.titles.map((title, k) => html("option", { value: k }, title));
    const list = html("select", { id: this.id }, ...options);
    list.value = String(this.value);
    list.addEventListener("change", () => this.choose(Number(list.value)));
    this.element.append(list);
  }

  makeNumber() {
    const { unit, label, low, high } = this.description;
    this.field = html("input", { id: this.id, type: "text", inputmode: "decimal" });
    this.field.addEventListener("change", () => this.read());
    const shown = html("span", { class: "unit" }, unit);
    this.element.append(html("span", { class: "quantity" }, this.field, shown));
    if (low !== null && high > low) {
      const range = { type: "range", min: 0, max: this.steps, "aria-label": label };
      this.slider = html("input", range);
      this.slider.addEventListener("input", () => {
        this.choose(this.valueAt(Number(this.slider.value)));
      });
      this.element.append(this.slider);
    }
    this.note = html("p", { class: "note", role: "status" });
    this.element.append(this.note);
    this.show();
  }

  get steps() {
    const { whole, low, high } = this.description;
    return whole ? high - low : STEPS;
  }

  /** Return the value of a step of the slider, with the digits that are shown. */
  valueAt(step) {
    const { low, high, logarithmic, size } = this.description;
    const part = step / this.steps;
    if (part === 0) return low;
    if (part === 1) return high;
    const value = logarithmic ? low * (high / low) ** part : low + part * (high - low);
    return Math.min(high, Math.max(low, Number((value / size).toPrecision(3)) * size));
  }

  stepOf(value) {
    const { low, high, logarithmic } = this.description;
    const inside = Math.min(high, Math.max(low, value));
    const part = logarithmic
      ? Math.log(inside / low) / Math.log(high / low)
      : (inside - low) / (high - low);
    return Math.round(part * this.steps);
  }

  /** Take the number of the field, if it is one. */
  read() {
    const number = Number(this.field.value.trim().replace(",", "."));
    const { positive, size, whole } = this.description;
    const told = this.field.value.trim() !== "" && Number.isFinite(number * size);
    let wrong = told ? "" : "not a number";
    if (told && positive && !(number > 0)) wrong = "must be above zero";
    if (told && whole && !Number.isInteger(number)) wrong = "must be a whole number";
    if (wrong) {
      this.field.setAttribute("aria-invalid", "true");
      this.note.textContent = wrong;
      return;
    }
    this.choose(number * size);
  }

  choose(value) {
    this.value = value;
    if (this.field) this.show();
    this.changed();
  }

  show() {
    const { size, low, high, unit } = this.description;
    this.field.value = digits(this.value / size);
    this.field.removeAttribute("aria-invalid");
    if (this.slider) this.slider.value = String(this.stepOf(this.value));
    const ends = low === null ? "" : `${digits(low / size)} to ${digits(high / size)} ${unit}`;
    this.note.textContent = this.outside ? `outside the trained range, ${ends}` : "";
    this.element.classList.toggle("outside", this.outside);
  }

  /** What is chosen, in words. */
  get words() {
    const { label, titles, unit, size } = this.description;
    return titles.length ? titles[this.value] : `${label} ${digits(this.value / size)} ${unit}`;
  }

  /** Whether the value is outside the trained range. */
  get outside() {
    const { low, high } = this.description;
    if (low === null || high === null) return false;
    const slack = SLACK * Math.max(Math.abs(low), Math.abs(high));
    return this.value < low - slack || this.value > high + slack;
  }
}
