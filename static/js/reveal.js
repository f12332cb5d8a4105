/* A revealed value: counts down, and is taken out of the page when the minute is over, when it is
   hidden, and when the page is left or covered. What stays is the strip that was there before. */

function hide(box) {
  const strip = box.querySelector("template").content.firstElementChild;
  const held = box.contains(document.activeElement);
  box.replaceWith(strip);
  window.htmx?.process(strip);
  if (held) strip.querySelector("button")?.focus();
}

function hideAll() {
  document.querySelectorAll("[data-shown]").forEach(hide);
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/* Against the wall clock, not by counting: a sleeping phone must not stretch the minute. */
function count(box) {
  if (box.dataset.until) return;
  box.dataset.until = Date.now() + Number(box.dataset.shown) * 1000;
  const words = box.querySelector("[data-clock]");
  const bar = box.querySelector("progress");
  const tick = () => {
    if (!box.isConnected) return clearInterval(timer);
    const left = Math.max(0, Math.ceil((box.dataset.until - Date.now()) / 1000));
    words.textContent = words.dataset.words.replace("{clock}", clock(left));
    bar.value = left;
    if (left === 0) {
      clearInterval(timer);
      hide(box);
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
  box.querySelector(".value").focus();
}

function watch() {
  document.querySelectorAll("[data-shown]").forEach(count);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-hide]");
  if (!link) return;
  event.preventDefault();
  hide(link.closest("[data-shown]"));
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") hideAll();
});
addEventListener("pagehide", hideAll);
document.addEventListener("htmx:afterSwap", watch);
watch();
