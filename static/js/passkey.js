/* Passkeys: what the server asks goes to the device, and what the device answers goes back in the
   form. Without a script the buttons are not there, and a password and a code do the same. */

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

async function asked(form, purpose) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, purpose });
  const answer = await fetch("/passkeys/challenge", { method: "POST", body });
  if (!answer.ok) throw new Error(`the question was refused: ${answer.status}`);
  const options = await answer.json();
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const one of list ?? []) one.id = bytes(one.id);
  return { publicKey: options };
}

function told(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) parts[name] = text(response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function use(form) {
  const button = form.querySelector("[data-use]");
  const trouble = form.querySelector("[data-trouble]");
  const isNew = form.dataset.passkey === "new";
  trouble.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    const options = await asked(form, form.dataset.passkey);
    const credential = isNew
      ? await navigator.credentials.create(options)
      : await navigator.credentials.get(options);
    form.elements.credential.value = told(credential);
    form.requestSubmit();
  } catch {
    /* Whoever turned the device's question away, or has no passkey here, is told the other ways. */
    trouble.hidden = false;
    button.removeAttribute("aria-busy");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const isPossible = Boolean(window.PublicKeyCredential);
  const hasName = !/^[\d.]+$|:/.test(location.hostname);
  form.querySelector("[data-use]").hidden = !(isPossible && hasName);
  form.querySelector("[data-none]").hidden = isPossible || !hasName;
  const named = form.querySelector("[data-named]");
  named.hidden = hasName;
  named.querySelector("a").href = `http://localhost:${location.port}${location.pathname}`;
  form.querySelector("[data-use]").addEventListener("click", () => use(form));
}
