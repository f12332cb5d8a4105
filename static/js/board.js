/* The board: list, timeline and map select together, and the selection stands in the address
   (?ride=). Boxes in a range, the bar that counts them, and dragging a ride to another driver. */

import { allowed } from "./keys.js";

/* ---- One ride is selected everywhere at once ---- */

function select(ride, url) {
  for (const element of document.querySelectorAll("[data-ride]")) {
    if (element.dataset.ride === ride) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  }
  document.dispatchEvent(new CustomEvent("ride:selected", { detail: ride }));
  if (!url) return;
  history.replaceState(null, "", url);
  if (document.getElementById("pick")) {
    window.htmx?.ajax("GET", url, { target: "#pick", select: "#pick", swap: "outerHTML" });
  }
}

function address(ride) {
  const url = new URL(location.href);
  url.searchParams.set("ride", ride);
  url.hash = "";
  return url.pathname + url.search;
}

function rows() {
  return [...document.querySelectorAll("#list .ride[data-ride]")];
}

function walk(by) {
  const all = rows();
  if (!all.length) return null;
  const here = all.findIndex((row) => row.matches("[aria-current]"));
  const next = all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + by))];
  select(next.dataset.ride, address(next.dataset.ride));
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a.way")?.focus({ preventScroll: true });
  return next;
}

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a.way, a.blk");
  const holder = link?.closest("[data-ride]");
  if (!holder) return;
  event.preventDefault();
  select(holder.dataset.ride, address(holder.dataset.ride));
});
document.addEventListener("ride:choose", (event) => select(event.detail, address(event.detail)));

/* ---- Boxes: ranges, all of them, and the bar that counts ---- */

let last = null;

function boxes(form) {
  return [...form.querySelectorAll("input.check[name]")];
}

function say(element, number) {
  const words =
    number === 0 ? element.dataset.none : number === 1 ? element.dataset.one : element.dataset.many;
  element.textContent = (words ?? "").replace("{n}", number);
}

function count(form) {
  const bar = form.querySelector("[data-bulk]");
  if (!bar) return;
  const chosen = boxes(form).filter((box) => box.checked);
  const asked = new Set(chosen.map((box) => box.dataset.driver).filter(Boolean));
  say(bar.querySelector("[data-chosen]"), chosen.length);
  say(bar.querySelector("[data-asked]"), asked.size);
  bar.querySelector("[type=submit]").disabled = chosen.length === 0;
  const all = form.querySelector("[data-select-all]");
  if (!all) return;
  all.checked = chosen.length > 0 && chosen.length === boxes(form).length;
  all.indeterminate = chosen.length > 0 && !all.checked;
}

function range(form, to, checked) {
  const all = boxes(form);
  const [from, until] = [all.indexOf(last), all.indexOf(to)].sort((a, b) => a - b);
  if (from < 0) return;
  for (const box of all.slice(from, until + 1)) box.checked = checked;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("#list input.check");
  if (!box?.form) return;
  if (box.matches("[data-select-all]"))
    boxes(box.form).forEach((each) => (each.checked = box.checked));
  else {
    if (event.shiftKey && last) range(box.form, box, box.checked);
    last = box;
  }
  count(box.form);
});
document.addEventListener("reset", (event) => {
  if (!event.target.closest("#list")) return;
  /* "Clear" clears: it does not bring back what the page came with. */
  event.preventDefault();
  boxes(event.target).forEach((box) => (box.checked = false));
  count(event.target);
});

function recount() {
  document.querySelectorAll("#list form").forEach(count);
}

/* ---- Keys that have no button of their own ---- */

function toggle(row) {
  const box = row?.querySelector("input.check");
  if (box) box.click();
}

document.addEventListener("keydown", (event) => {
  if (!allowed(event)) return;
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (event.key === "J" || event.key === "K") toggle(walk(event.key === "J" ? 1 : -1));
  else if (event.key === " " && !event.target.closest("button, a:not(.way), summary, input")) {
    toggle(document.querySelector("#list .ride[aria-current]"));
  } else return;
  event.preventDefault();
});

/* ---- Dragging a block to another driver; "Move to…" does the same by keyboard ---- */

let fits = null;

/* What speaks against each driver, asked when a ride is picked up. */
async function ask(event) {
  fits = null;
  const address = event.item.dataset.move.replace(/move$/, "fits");
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || !document.querySelector(".sortable-chosen")) return;
  fits = await answer.json();
  for (const lane of document.querySelectorAll(".over[data-shift]")) {
    lane.closest(".tl-row").classList.toggle("cannot", lane.dataset.shift in fits.cannot);
  }
}

function tell(text) {
  const place = document.getElementById("move-said");
  if (place) place.textContent = text ?? "";
}

/* Over a driver who cannot, the reason is said and the ride does not stay. */
function over(event) {
  const driver = event.to.dataset.shift;
  const why = event.to === event.from ? null : (fits?.cannot[driver] ?? fits?.may[driver]);
  tell(why);
  return event.to === event.from || !(driver in (fits?.cannot ?? {}));
}

function end() {
  fits = null;
  document.querySelectorAll(".tl-row.cannot").forEach((row) => row.classList.remove("cannot"));
}

function drop(event) {
  const form = document.getElementById("move-form");
  const { move } = event.item.dataset;
  const { shift } = event.to.dataset;
  event.from.append(event.item);
  if (!form || !move || !shift || event.from === event.to) return;
  form.action = move;
  form.elements.shift.value = shift;
  form.elements.was.value = event.from.dataset.shift;
  form.requestSubmit();
}

function lanes() {
  if (!window.Sortable || !document.getElementById("move-form")) return;
  for (const lane of document.querySelectorAll(".over[data-shift]")) {
    if (window.Sortable.get(lane)) continue;
    new window.Sortable(lane, {
      group: "drivers",
      sort: false,
      draggable: ".blk[data-move]",
      forceFallback: true,
      fallbackTolerance: 4,
      delay: 250,
      delayOnTouchOnly: true,
      onStart: ask,
      onMove: over,
      onEnd: end,
      onAdd: drop,
    });
  }
}

document.addEventListener("htmx:afterSettle", () => {
  recount();
  lanes();
});

/* ---- What others change comes by itself, where nobody is in the middle of something ---- */

const SCROLLED = ["#list", "#timeline .scroll"];
let kept = null;

function isInUse() {
  return (
    document.hidden ||
    document.querySelector(
      "dialog[open], details.menu[open], [aria-busy], .sortable-chosen, #list .check:checked",
    ) ||
    document.activeElement?.matches("input:not(.check), select, textarea")
  );
}

function isFresh(event) {
  return (event.detail.requestConfig?.elt ?? event.detail.elt)?.id === "fresh";
}

document.addEventListener("htmx:configRequest", (event) => {
  /* The chosen ride and the filter stand in the address. */
  if (isFresh(event)) event.detail.path = location.pathname + location.search;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (isFresh(event) && isInUse()) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isFresh(event)) return;
  if (isInUse()) {
    event.detail.shouldSwap = false;
    return;
  }
  for (const lane of document.querySelectorAll(".over[data-shift]")) {
    window.Sortable?.get(lane)?.destroy();
  }
  const focus = document.activeElement;
  kept = {
    scrolled: SCROLLED.map((where) => document.querySelector(where)?.scrollTop ?? 0),
    ride: focus?.closest("#list [data-ride]")?.dataset.ride,
    page: scrollY,
  };
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!isFresh(event) || !kept) return;
  SCROLLED.forEach((where, index) => {
    const part = document.querySelector(where);
    if (part) part.scrollTop = kept.scrolled[index];
  });
  scrollTo({ top: kept.page, behavior: "instant" });
  const row = kept.ride && document.querySelector(`#list [data-ride="${kept.ride}"] a.way`);
  row?.focus({ preventScroll: true });
  kept = null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const said = document.getElementById("fresh");
  if (isFresh(event) && said) said.textContent = said.dataset.said;
});
recount();
lanes();
