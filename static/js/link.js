/* A link that is shown once: copied by one button, printed by another. */

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); /* without HTTPS there is no clipboard, but there is a selection */
  }
  button.querySelector("span").textContent = button.dataset.done;
}

document.addEventListener("click", (event) => {
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
  else if (event.target.closest("[data-print]")) print();
});
