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

/* data-fills="id": the button of that id asks the server for the rest: once one of the offered
   values is chosen, at Enter, or once a message is pasted. */
function fill(field) {
  document.getElementById(field.dataset.fills).click();
}

function isKnown(field) {
  return [...(field.list?.options ?? [])].some((option) => option.value === field.value);
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("input[data-fills]") && isKnown(field) && field.value !== field.defaultValue) fill(field);
});
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.altKey || !field.matches?.("[data-fills]")) return;
  const isTold = field.matches("textarea") ? event.ctrlKey || event.metaKey : !event.ctrlKey && !event.metaKey;
  if (!isTold || !field.value.trim()) return;
  event.preventDefault();
  fill(field);
}, true);
document.addEventListener("paste", (event) => {
  if (event.target.matches?.("textarea[data-fills]")) setTimeout(() => fill(event.target));
});
for (const part of document.querySelectorAll("details.message")) {
  const focus = () => part.open && part.querySelector("textarea").focus();
  part.querySelector("summary").addEventListener("click", () => setTimeout(focus));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-swap]");
  if (button) swap(button);
});
document.addEventListener("change", tidy);
document.addEventListener("htmx:afterSettle", tidy);
tidy();
