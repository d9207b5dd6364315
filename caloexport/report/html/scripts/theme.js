/** Light and dark: what the reader chose, else what the system asks for; paper is always light. */

const system = window.matchMedia("(prefers-color-scheme: dark)");
let printing = false;

/** Return whether the page is dark now. */
export function isDark() {
  if (printing) return false;
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

/** Call a function whenever light and dark change, also before and after printing. */
export function onTheme(listener) {
  document.addEventListener("themechange", listener);
}

/** Let a button change between light and dark. */
export function themeButton(button) {
  const told = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    announce();
  });
  onTheme(told);
  told();
}

function announce() {
  document.dispatchEvent(new Event("themechange"));
}

system.addEventListener("change", announce);
for (const [event, state] of [["beforeprint", true], ["afterprint", false]]) {
  window.addEventListener(event, () => {
    printing = state;
    document.documentElement.classList.toggle("printing", state);
    announce();
  });
}
