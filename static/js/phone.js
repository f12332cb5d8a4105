/* A driver's taps through a dead spot: each is written down first (which ride, what, when; nothing
   about anybody), sent in its order, and crossed out when the server has it. Where there is no
   worker that keeps a page for that, the forms post as they do without a script. */

const OLDEST = 86_400_000; /* milliseconds: what was tapped a day ago helps nobody */
const PATIENCE = 15_000;
const RETRY = 10_000;
const GONE = [403, 404, 410, 422];

const line = document.querySelector("[data-waiting]");
const token = document.querySelector("[name=csrf_token]")?.value; /* none on the kept page */
let canWait = false;

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open("taps", 1);
    asked.onupgradeneeded = () =>
      asked.result.createObjectStore("taps", { keyPath: "order", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function inStore(mode, act) {
  const base = await open();
  try {
    return await new Promise((done, fail) => {
      const step = base.transaction("taps", mode);
      const asked = act(step.objectStore("taps"));
      step.oncomplete = () => done(asked.result);
      step.onabort = () => fail(step.error);
    });
  } finally {
    base.close();
  }
}

const waiting = () => inStore("readonly", (store) => store.getAll());
const crossOut = (tap) => inStore("readwrite", (store) => store.delete(tap.order));

/* "done", "gone" where it can never arrive, or "later". */
async function deliver(tap) {
  if (Date.now() - Date.parse(tap.made_at) > OLDEST) return "gone";
  const { path, order, ...told } = tap;
  try {
    const answer = await fetch(path, {
      method: "POST",
      body: new URLSearchParams({ ...told, csrf_token: token }),
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 204) return "done";
    return GONE.includes(answer.status) ? "gone" : "later";
  } catch {
    return "later";
  }
}

/* In order, and by one page at a time: what comes after a tap that waits, waits too. */
function send() {
  return navigator.locks.request("taps", async () => {
    const count = { done: 0, gone: 0, later: 0 };
    for (const tap of await waiting()) {
      const came = count.later ? "later" : await deliver(tap);
      count[came] += 1;
      if (came !== "later") await crossOut(tap);
    }
    line.hidden = !count.later;
    document.querySelector("[data-lost]").hidden = !count.gone;
    return count;
  });
}

function describe(form, button) {
  const tap = { action: crypto.randomUUID(), made_at: new Date().toISOString() };
  if (!button?.name) return tap;
  const { before } = form.elements;
  return { ...tap, [button.name]: button.value, ...(before && { before: before.value }) };
}

const becomes = (tap) => (tap.noshow ? "noshow" : tap.state);

async function tapped(event) {
  const form = event.target;
  if (!form.matches("[data-tap]")) return;
  const tap = describe(form, event.submitter);
  if (!canWait) return fill(form, tap);
  event.preventDefault();
  document.getElementById("toasts")?.replaceChildren(); /* what was said of the tap before */
  const path = form.getAttribute("action");
  try {
    await inStore("readwrite", (store) => store.add({ path, ...tap }));
  } catch {
    return sendAsForm(form, event.submitter); /* the browser keeps nothing */
  }
  if (!token) return show();
  const count = await send();
  if (!count.gone) location.assign("/today");
}

function sendAsForm(form, button) {
  canWait = false;
  delete form.dataset.sent;
  form.requestSubmit(button);
}

function fill(form, tap) {
  for (const field of form.querySelectorAll("[name=action], [name=made_at]")) field.remove();
  for (const name of ["action", "made_at"]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value: tap[name] });
    form.append(field);
  }
}

/* The kept page: each ride in the state that it will have, and what waits to be sent. */
async function show() {
  const taps = await waiting();
  line.hidden = !taps.length;
  for (const ride of document.querySelectorAll("[data-ride]")) {
    const own = taps.filter((tap) => tap.path === ride.dataset.ride).map(becomes);
    const state = own.at(-1) ?? ride.dataset.state;
    for (const part of ride.querySelectorAll("[data-in]")) part.hidden = part.dataset.in !== state;
    for (const part of ride.querySelectorAll("[data-sends]"))
      part.hidden = !own.includes(part.dataset.sends);
    for (const part of ride.querySelectorAll("[data-waits]"))
      part.hidden = !taps.some((tap) => tap.path === part.dataset.waits);
    for (const form of ride.querySelectorAll("form")) {
      if (form.elements.before) form.elements.before.value = state;
      delete form.dataset.sent;
    }
    for (const button of ride.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
}

async function lookForTheServer() {
  try {
    if ((await fetch("/health", { cache: "no-store" })).ok) location.replace("/today");
  } catch {
    /* still out of reach */
  }
}

async function install() {
  const own = { createScriptURL: () => line.dataset.waiting };
  const files = window.trustedTypes?.createPolicy("worker", own) ?? own;
  navigator.serviceWorker.addEventListener("message", () => (canWait = true));
  canWait = Boolean(await caches.match("/today/sheet"));
  await navigator.serviceWorker.register(files.createScriptURL(""), { scope: "/" });
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage("keep");
}

/* What the phone shows of its open programs is a picture of the page: nothing is on it. */
function cover() {
  document.documentElement.toggleAttribute("data-covered", document.visibilityState === "hidden");
}

async function start() {
  if (!token) {
    canWait = true;
    addEventListener("online", lookForTheServer);
    setInterval(lookForTheServer, RETRY);
    return show();
  }
  await install();
  if (!(await waiting()).length) return;
  const count = await send();
  if (count.done && !count.gone) location.replace("/today");
  else if (count.later) setTimeout(start, RETRY);
}

document.addEventListener("submit", tapped);
document.addEventListener("visibilitychange", cover);
if (navigator.serviceWorker) start().catch(() => {}); /* comfort: the forms post without it */
