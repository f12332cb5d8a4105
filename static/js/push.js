/* This browser is told of news: it asks its maker's push service for an address, and the form tells
   the server. A browser that cannot do that is shown nothing but a sentence. */

const form = document.querySelector("[data-push-key]");

function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function say(what) {
  for (const line of document.querySelectorAll("[data-push-says]"))
    line.hidden = line.dataset.pushSays !== what;
}

/* A phone's page has registered it; that of a desk has none. */
async function readyWorker() {
  if (!(await navigator.serviceWorker.getRegistration())) {
    const own = { createScriptURL: () => form.dataset.worker };
    const files = window.trustedTypes?.createPolicy("worker", own) ?? own;
    await navigator.serviceWorker.register(files.createScriptURL(""), { scope: "/" });
  }
  return navigator.serviceWorker.ready;
}

async function subscribed(worker) {
  const key = bytesOf(form.dataset.pushKey);
  const before = await worker.pushManager.getSubscription();
  if (before) await before.unsubscribe(); /* it may have been made for another key, or person */
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function turnOn(event) {
  event.preventDefault();
  delete form.dataset.sent;
  if ((await Notification.requestPermission()) !== "granted") return say("refused");
  try {
    const { endpoint, keys } = (await subscribed(await readyWorker())).toJSON();
    Object.assign(form.elements.endpoint, { value: endpoint });
    Object.assign(form.elements.p256dh, { value: keys.p256dh });
    Object.assign(form.elements.auth, { value: keys.auth });
    form.submit();
  } catch {
    say("failed");
  }
}

const canBeTold = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
if (form && canBeTold) {
  form.hidden = false;
  form.addEventListener("submit", turnOn);
} else if (form) {
  say("unable");
}
