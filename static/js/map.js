/* Maps drawn from what the page brings: cells, public places, rides between them; over the base map
   of this server where there is one. Nothing comes from elsewhere. */

const L = window.L;
const MAX = 3;

/* How dark a cell is: in thirds of the busiest one. */
function shade(count, most) {
  if (!count || !most) return "";
  return ` c${Math.max(1, Math.ceil((count / most) * MAX))}`;
}

/* Words for a tooltip: an element, because a string would be read as markup. */
function words(text) {
  const said = document.createElement("span");
  said.textContent = text;
  return said;
}

function cells(map, data) {
  const most = Math.max(0, ...data.cells.map((cell) => cell.count ?? 0));
  map.createPane("cells");
  for (const cell of data.cells) {
    const area = L.polygon(cell.squares.map((square) => [square]), {
      className: `cell${shade(cell.count, most)}`,
      interactive: false,
      pane: "cells",
    }).addTo(map);
    area.bindTooltip(words(cell.name), { permanent: true, direction: "center", className: "name" });
  }
}

/* Names are shown only where they fit: when the cells on the screen are wide enough. */
const NAME_WIDTH = 64;

function nameCells(map, data) {
  if (!data.cells.length) return;
  const measure = () => {
    const widths = data.cells.map((cell) => {
      const xs = cell.squares.flat().map((point) => map.latLngToLayerPoint(point).x);
      return Math.max(...xs) - Math.min(...xs);
    });
    map.getContainer().classList.toggle("far", Math.min(...widths) < NAME_WIDTH);
  };
  map.on("zoomend", measure);
  measure();
}

/* Where a pin is to be dropped, a sign lets the tap through to the map. */
function places(map, data, isPicking) {
  const signs = [];
  for (const place of data.places) {
    const icon = L.divIcon({ className: "sign", iconSize: [20, 20], html: "" });
    const marker = L.marker([place.lat, place.lon], {
      icon,
      keyboard: false,
      interactive: !isPicking,
      alt: place.name,
    }).addTo(map);
    marker.getElement().textContent = place.kind ?? "";
    marker.bindTooltip(words(place.name));
    signs.push(marker);
  }
  const part = () => partSigns(map, signs);
  map.on("zoomend", part);
  part();
}

/* Signs that would cover each other: the first stays a sign, the others become dots beside it. */
const SIGN_WIDTH = 20;

function partSigns(map, signs) {
  const taken = [];
  for (const sign of signs) {
    const { x, y } = map.latLngToLayerPoint(sign.getLatLng());
    const isCovered = taken.some(
      (other) => Math.abs(other.x - x) < SIGN_WIDTH && Math.abs(other.y - y) < SIGN_WIDTH,
    );
    if (!isCovered) taken.push({ x, y });
    sign.getElement().classList.toggle("is-covered", isCovered);
    sign.setZIndexOffset(isCovered ? -1000 : 0);
  }
}

/* A curve, so that the way there and the way back lie beside each other. */
function curve(from, to) {
  const middle = [
    (from[0] + to[0]) / 2 + (to[1] - from[1]) * 0.12,
    (from[1] + to[1]) / 2 - (to[0] - from[0]) * 0.12,
  ];
  return Array.from({ length: 17 }, (_, step) => {
    const t = step / 16;
    return [0, 1].map(
      (axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * middle[axis] + t ** 2 * to[axis],
    );
  });
}

function rides(map, data) {
  const drawn = new Map();
  for (const ride of data.rides) {
    const arc = L.polyline(curve(ride.from, ride.to), {
      className: `arc is-${ride.state}`,
      fill: false,
    }).addTo(map);
    arc.bindTooltip(words(ride.words), { sticky: true });
    arc.on("click", () =>
      document.dispatchEvent(new CustomEvent("ride:choose", { detail: ride.ride })),
    );
    drawn.set(ride.ride, arc);
  }
  return drawn;
}

function emphasise(drawn, chosen) {
  for (const [ride, arc] of drawn) arc.getElement()?.classList.toggle("on", ride === chosen);
  drawn.get(chosen)?.bringToFront();
}

function everything(data) {
  const points = [
    ...data.cells.flatMap((cell) => cell.squares.flat()),
    ...data.places.map((place) => [place.lat, place.lon]),
    ...data.rides.flatMap((ride) => [ride.from, ride.to]),
  ];
  return points.length ? L.latLngBounds(points) : null;
}

/* ---- A pin that fills two fields; the fields move the pin ---- */

/* Close enough to see at which door a pin stands. */
const AT_THE_DOOR = 17;

function pick(map, box, look) {
  const [lat, lon] = box.dataset.pick.split(" ").map((id) => document.getElementById(id));
  const icon = L.divIcon({
    className: "pin",
    iconSize: [34, 34],
    iconAnchor: [17, 32],
    html: look,
  });
  let pin = null;
  let isDropped = false;

  function typed() {
    const point = [lat, lon].map((field) => Number.parseFloat(field.value.replace(",", ".")));
    return point.every(Number.isFinite) && Math.abs(point[0]) <= 90 && Math.abs(point[1]) <= 180
      ? point
      : null;
  }
  function put(point) {
    if (pin) pin.setLatLng(point);
    else {
      pin = L.marker(point, {
        icon,
        draggable: true,
        alt: box.dataset.pin,
        title: box.dataset.pin,
      }).addTo(map);
      pin.on("dragend", () => fill(pin.getLatLng()));
    }
  }
  function fill(point) {
    const where = L.latLng(point).wrap();
    lat.value = where.lat.toFixed(5);
    lon.value = where.lng.toFixed(5);
    isDropped = true;
    for (const field of [lat, lon]) field.dispatchEvent(new Event("change", { bubbles: true }));
    isDropped = false;
  }

  map.on("click", (event) => fill(event.latlng));
  for (const field of [lat, lon]) {
    field.addEventListener("change", () => {
      const point = typed();
      if (!point) return;
      put(point);
      // Whoever drops a pin sees where; one that comes from the fields has to be looked at.
      const isSeen = map.getBounds().contains(point) && map.getZoom() >= AT_THE_DOOR - 2;
      if (!isDropped && !isSeen) map.setView(point, AT_THE_DOOR, { animate: false });
    });
  }
  box.parentElement
    .querySelector("[data-pin-here]")
    ?.addEventListener("click", () => fill(map.getCenter()));
  if (typed()) {
    put(typed());
    map.setView(typed(), AT_THE_DOOR - 1);
  }
}

/* ---- The base map, fetched when the box comes near the screen ---- */

const COPYRIGHT = "https://www.openstreetmap.org/copyright";

/* Whose map it is: always to be read. A person may follow the link; no page does by itself. */
function credit(map, said) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const link = document.createElement("a");
    Object.assign(link, { href: COPYRIGHT, target: "_blank", rel: "noreferrer", textContent: said });
    link.className = "credit";
    return link;
  };
  control.addTo(map);
}

/* The engine is a plain script: fetched once, for all maps of a page. */
let engine = null;
/* The one script that is fetched later than its page: a file of ours, whatever the page says. */
function ownFile(address) {
  const { origin, pathname, href } = new URL(address, location.href);
  if (origin !== location.origin || !pathname.startsWith("/static/vendor/")) throw new TypeError(address);
  return href;
}

const files = window.trustedTypes?.createPolicy("map", { createScriptURL: ownFile }) ?? { createScriptURL: ownFile };

function engineFrom(address) {
  engine ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    Object.assign(script, { src: files.createScriptURL(address), onload: done, onerror: fail });
    document.head.append(script);
  });
  return engine;
}

async function lay(map, found) {
  const [painter] = await Promise.all([import(found.painter), engineFrom(found.engine)]);
  painter.lay(map, found);
}

function isNear(box) {
  const { top, bottom } = box.getBoundingClientRect();
  return bottom > -innerHeight / 4 && top < innerHeight * 1.25;
}

function base(map, box) {
  const found = JSON.parse(box.dataset.base);
  box.classList.add("on-base");
  credit(map, box.dataset.credit);
  if (isNear(box)) {
    lay(map, found);
    return;
  }
  const coming = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      coming.disconnect();
      lay(map, found);
    },
    { rootMargin: "25%" },
  );
  coming.observe(box);
}

function draw(box) {
  const data = { cells: [], places: [], rides: [], ...JSON.parse(box.dataset.map) };
  const look = box.querySelector("template")?.content.firstElementChild;
  box.replaceChildren();
  const map = L.map(box, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: box.dataset.base ? 1 : 0.25, // between whole zooms the names of streets would blur
    minZoom: 2,
    maxZoom: 18,
    scrollWheelZoom: false,
  });
  if (box.dataset.base) base(map, box);
  L.control
    .zoom({
      position: "bottomright",
      zoomInTitle: box.dataset.zoomIn,
      zoomOutTitle: box.dataset.zoomOut,
    })
    .addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const bounds = everything(data);
  if (bounds) map.fitBounds(bounds, { padding: [12, 12], animate: false });
  else map.setView([20, 0], 2);
  cells(map, data);
  nameCells(map, data);
  const drawn = rides(map, data);
  places(map, data, Boolean(box.dataset.pick));
  if (box.dataset.pick) pick(map, box, look);
  emphasise(drawn, new URLSearchParams(location.search).get("ride"));
  const follow = (event) => emphasise(drawn, event.detail);
  document.addEventListener("ride:selected", follow);
  document.addEventListener("htmx:afterSwap", function tidy() {
    if (box.isConnected) return;
    document.removeEventListener("ride:selected", follow);
    document.removeEventListener("htmx:afterSwap", tidy);
    map.remove();
  });
  return map;
}

/* A box is drawn once it has a size: one that is out of the way has none, and no middle either. */
function watch(box) {
  let map = box.clientWidth ? draw(box) : null;
  new ResizeObserver(() => {
    if (!box.clientWidth) return;
    if (map) map.invalidateSize({ animate: false });
    else map = draw(box);
  }).observe(box);
}

function drawAll() {
  for (const box of document.querySelectorAll("[data-map]:not([data-watched])")) {
    box.dataset.watched = "1";
    watch(box);
  }
}

document.addEventListener("htmx:afterSwap", drawAll);
drawAll();
