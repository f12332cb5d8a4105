/* A card's square holds the code behind the "#", which no server sees: put it into the field, and
   take it out of the address, where it would stay in the browser's history. */

const field = document.querySelector("[data-code]");
const code = decodeURIComponent(location.hash.slice(1)).replace(/[^0-9A-Za-z]/g, "").slice(0, 40);
if (field && code) {
  field.value = code.replace(/(.{4})(?=.)/g, "$1 ");
  history.replaceState(null, "", location.pathname);
}
