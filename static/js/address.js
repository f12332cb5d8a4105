/* The fields of an address: a candidate that is chosen fills them and moves the pin. Without script
   its button sends the form, and the server fills them. Nothing is saved before the form is. */

function fill(button) {
  const { prefix, values } = JSON.parse(button.value);
  const field = (name) => document.getElementById(`f-${prefix}${name}`);
  for (const [name, value] of Object.entries(values)) if (field(name)) field(name).value = value;
  for (const name of ["lat", "lon"]) {
    field(name).dispatchEvent(new Event("change", { bubbles: true }));
  }
  const place = document.getElementById(`choices-${prefix}`);
  const said = document.createElement("p");
  said.className = "hint";
  said.textContent = place.dataset.then;
  place.replaceChildren(said);
  field("line").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=take]");
  if (!button) return;
  event.preventDefault();
  fill(button);
});

/* With script the candidates come while one types, and Enter belongs to the form again. */
for (const button of document.querySelectorAll("[data-unscripted]")) button.remove();
/* Where a server can be asked, only the button asks it: no key does, and not Enter either. */
for (const button of document.querySelectorAll("[data-asks]")) button.type = "button";
