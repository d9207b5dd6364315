/** The command that writes the shown shower to a file. */

/** Return the command; the shown shower is the last one that it writes. */
export function sampleCommand({ data, controls, number, seed }) {
  const file = data.file.startsWith("-") ? `./${data.file}` : data.file; // no option
  const parts = ["caloexport", "sample", file, "-n", String(number + 1)];
  data.conditions.forEach((description, k) => {
    const value = valueText(description, controls[k].value);
    const { option, name } = description;
    parts.push(...(option ? [`--${option}`, value] : ["--condition", `${name}=${value}`]));
  });
  if (controls.some((control) => control.outside)) parts.push("--out-of-range", "extrapolate");
  parts.push("--seed", String(seed));
  return parts.map(quoted).join(" ");
}

/** Write a value so that Python reads the same number. */
function valueText({ option, categories, unit, size, base }, value) {
  if (categories.length) return categories[value];
  if (!option) return String(value);
  const short = Number((value / size).toPrecision(12));
  return short * size === value ? `${short}${unit}` : `${value}${base}`;
}

/** Quote what a shell would read as more than a word: names come from a file of somebody else. */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
