/* The form of a request: ends change places, and what does not apply is out of the way. Without
   script every field is there, and the server reads only those that belong to the choice. */

function takes(field, value) {
  return field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value);
}

function swap(button) {
  const [one, other] = button.dataset.swap.split(" ").map((id) => document.getElementById(id));
  if (!takes(one, other.value) || !takes(other, one.value)) return;
  [one.value, other.value] = [other.value, one.value];
  for (const field of [one, other]) field.dispatchEvent(new Event("change", { bubbles: true }));
}

/* data-when="return=fixed wait": shown while the field `return` has one of these values. */
function fits(part) {
  const [name, values] = part.dataset.when.split("=");
  const form = part.closest("form");
  return values.split(" ").includes(new FormData(form).get(name) ?? "");
}

function tidy() {
  for (const part of document.querySelectorAll("[data-when]")) {
    const shown = fits(part);
    part.hidden = !shown;
    for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !shown;
  }
}

/* data-fills="id": once one of the offered values is chosen, the button of that id asks the server for the rest. */
function fill(field) {
  const known = [...(field.list?.options ?? [])].some((option) => option.value === field.value);
  if (known && field.value !== field.defaultValue) document.getElementById(field.dataset.fills).click();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-fills]")) fill(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-swap]");
  if (button) swap(button);
});
document.addEventListener("change", tidy);
document.addEventListener("htmx:afterSettle", tidy);
tidy();
