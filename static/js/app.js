/* Every page: busy buttons, toasts, dialogs, menus, steppers. All of it is comfort: without it the
   forms still post. */

const TOAST_SECONDS = 10;

/* A form is sent once: its button turns and the others rest until the answer comes. */
function guard(event) {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter ?? form.querySelector("button:not([type=button], [type=reset])");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  const label = button.querySelector("span") ?? button;
  if (button.dataset.busy) {
    button.dataset.label = label.textContent;
    label.textContent = button.dataset.busy;
  }
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    if (button.dataset.label)
      (button.querySelector("span") ?? button).textContent = button.dataset.label;
  }
}

/* A toast goes after ten seconds, unless somebody looks at it or holds it. */
function tick(toast) {
  let left = TOAST_SECONDS;
  toast.classList.add("ticking");
  const timer = setInterval(() => {
    if (!toast.isConnected) return clearInterval(timer);
    if (toast.matches(":hover, :focus-within")) {
      left = TOAST_SECONDS;
      toast.classList.remove("ticking");
      return;
    }
    toast.classList.add("ticking");
    left -= 1;
    if (left <= 0) {
      clearInterval(timer);
      toast.remove();
    }
  }, 1000);
}

function watchToasts(place) {
  const flashed = [...place.children];
  new MutationObserver((changes) => {
    for (const change of changes) {
      const fresh = [...change.addedNodes].filter((node) => node.classList?.contains("toast"));
      if (!fresh.length) continue;
      for (const old of place.children)
        if (!fresh.includes(old) && !flashed.includes(old)) old.remove();
      fresh.forEach(tick);
    }
  }).observe(place, { childList: true });
  /* What is there from the start is put in again, so that a screen reader hears of it. */
  place.replaceChildren();
  setTimeout(() => place.append(...flashed), 150);
}

/* A small number goes up and down by buttons; the limits are the field's own. */
function step(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const before = field.value;
  if (button.dataset.step === "1") field.stepUp();
  else field.stepDown();
  if (field.value !== before) field.dispatchEvent(new Event("input", { bubbles: true }));
}

function click(event) {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const stepper = event.target.closest("[data-step]");
  if (stepper) return step(stepper);
  const dialog = event.target.closest("dialog");
  if (event.target.closest("[data-close]") || event.target === dialog) dialog?.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function escape(event) {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

document.addEventListener("submit", guard, true);
document.addEventListener("click", click);
document.addEventListener("keydown", escape);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
/* Coming back by the browser's button: what was sent may be sent again. */
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

const place = document.getElementById("toasts");
if (place) watchToasts(place);
document.getElementById("errors")?.focus();
