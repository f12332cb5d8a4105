/* Keeps one page for a dead spot: today without names, doors or the minute of a pickup, with the
   files that it needs. Nothing that the server marks as not to be stored is ever stored. */

const SHEET = "/today/sheet";
const STORE = "sheet";
const ICON = "/static/icons/192.png";
const PATIENCE = 10_000; /* milliseconds, then the kept page is shown */
const FILES = /\/static\/[^"'#\s]+/g;
const PHONE = /^\/(today|offers|availability|me)(\/|$)/;

async function keep() {
  const answer = await fetch(SHEET, { cache: "no-store", redirect: "manual" });
  const rule = answer.headers.get("Cache-Control") ?? "no-store";
  if (answer.status !== 200 || rule.includes("no-store")) {
    await caches.delete(STORE);
    return false;
  }
  const files = new Set((await answer.clone().text()).match(FILES));
  const store = await caches.open(STORE);
  for (const file of files) if (!(await store.match(file))) await store.add(file);
  for (const { url } of await store.keys()) {
    const { pathname, search } = new URL(url);
    if (pathname !== SHEET && !files.has(pathname + search)) await store.delete(url);
  }
  await store.put(SHEET, answer);
  return true;
}

async function page(request) {
  const asked = fetch(request);
  const kept = await caches.match(SHEET);
  if (!kept) return asked;
  const late = new Promise((done) => setTimeout(done, PATIENCE, kept));
  return Promise.race([asked.catch(() => kept), late]);
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  event.waitUntil(keep().then((done) => done && event.source.postMessage("kept")));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && PHONE.test(pathname)) event.respondWith(page(request));
});

/* A time and a page of ours, from the server by way of the browser's maker. */
addEventListener("push", (event) => {
  const { title, path } = event.data.json();
  event.waitUntil(registration.showNotification(title, { data: path, icon: ICON }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { pathname } = new URL(event.notification.data, location.origin);
  event.waitUntil(clients.openWindow(pathname));
});
