/* The base map below cells, signs and arcs: streets, water, names. Drawn from one file of this
   server, in the colours of the page, by day and by night. */

const DARK = matchMedia("(prefers-color-scheme: dark)");
const SHARPEST = 2;
const ROLES = [
  "land", "green", "wood", "sand", "public", "industry", "water", "water-words", "house", "road",
  "road-2", "road-3", "edge", "path", "rail", "words", "halo",
];

/* Widths in pixels by zoom, of the roads that are drawn as a band with edges; least first. */
const BANDS = [
  { kind: "service", from: 15, color: "road", width: [[14, 0.6], [16, 2.5], [18, 7]] },
  { kind: "minor_road", from: 14, color: "road", width: [[12, 0.6], [14, 1.8], [16, 6], [18, 15]] },
  { kind: "medium_road", from: 12, color: "road", width: [[11, 0.8], [14, 3], [16, 8], [18, 18]] },
  { kind: "major_road", from: 9, color: "road-2", width: [[8, 0.6], [12, 2], [14, 4], [16, 9], [18, 20]] },
  { kind: "highway", from: 6, color: "road-3", width: [[5, 0.6], [10, 1.8], [14, 4.5], [16, 10], [18, 22]] },
];
const GROUND = { park: "green", pitch: "green", grass: "green", wood: "wood", sand: "sand",
  public: "public", industry: "industry", square: "road" };

function colours(box) {
  const style = getComputedStyle(box);
  const of = (name) => style.getPropertyValue(name).trim();
  return { ...Object.fromEntries(ROLES.map((role) => [role, of(`--map-${role}`)])), face: of("--face") };
}

const is = (...kinds) => (_zoom, feature) => kinds.includes(feature.props.kind);
const isOpen = (kind) => (_zoom, { props }) => props.kind === kind && props.detail !== "tunnel";

function bands(engine, colour) {
  const width = (band, more) => {
    const grown = engine.exp(1.5, band.width);
    return (zoom, feature) => grown(zoom) * (feature.props.detail === "link" ? 0.6 : 1) + more;
  };
  const rule = (band, color, more, from) => ({
    dataLayer: "roads",
    minzoom: from,
    filter: isOpen(band.kind),
    symbolizer: new engine.LineSymbolizer({
      color,
      width: width(band, more),
      lineCap: more ? "butt" : "round",
      lineJoin: "round",
    }),
  });
  return [
    ...BANDS.map((band) => rule(band, colour.edge, 1.4, Math.max(band.from, 12))),
    ...BANDS.map((band) => rule(band, colour[band.color], 0, band.from)),
  ];
}

function paint(engine, colour) {
  const area = (dataLayer, options, more = {}) => ({
    dataLayer,
    symbolizer: new engine.PolygonSymbolizer(options),
    ...more,
  });
  const line = (dataLayer, filter, options, minzoom = 0) => ({
    dataLayer,
    minzoom,
    filter,
    symbolizer: new engine.LineSymbolizer({ lineJoin: "round", ...options }),
  });
  const flows = engine.exp(1.5, [[9, 0.7], [14, 2.5], [18, 9]]);
  return [
    area("landuse", { fill: (_zoom, feature) => colour[GROUND[feature.props.kind]] }),
    area("water", { fill: colour.water }, { filter: is("sea", "water") }),
    line("water", is("river", "canal"), { color: colour.water, width: flows }),
    line("water", is("stream"), { color: colour.water, width: 1 }, 14),
    area("buildings", { fill: colour.house }),
    line("roads", (_zoom, { props }) => props.detail === "tunnel" && props.kind !== "path", {
      color: colour.edge, width: 2, dash: [3, 3],
    }, 12),
    line("roads", is("path"), { color: colour.path, dash: [2, 2] }, 15),
    ...bands(engine, colour),
    line("roads", is("rail"), { color: colour.rail, width: 1 }, 11),
  ];
}

function words(engine, colour, language) {
  const said = { labelProps: [`name:${language}`, "name"], stroke: colour.halo };
  const font = (weight, size, style = "") => `${style} ${weight} ${size}px ${colour.face}`.trim();
  const street = (kind, minzoom, size) => ({
    dataLayer: "roads",
    minzoom,
    filter: is(kind),
    symbolizer: new engine.LineLabelSymbolizer({
      ...said, fill: colour.words, width: 3, font: font(500, size), position: engine.LineLabelPlacement.Center,
      repeatDistance: 320,
    }),
  });
  const settled = (kinds, minzoom, weight, size, more = {}) => ({
    dataLayer: "places",
    minzoom,
    filter: is(...kinds),
    symbolizer: new engine.CenteredTextSymbolizer({
      ...said, fill: colour.words, width: 2, lineHeight: 1.3, font: font(weight, size),
    }),
    ...more,
  });
  const spot = (kinds, minzoom) => ({
    dataLayer: "pois",
    minzoom,
    filter: is(...kinds),
    symbolizer: new engine.CenteredTextSymbolizer({
      ...said, fill: colour.words, width: 2, lineHeight: 1.25, font: font(400, 11),
    }),
  });
  const wet = { ...said, stroke: colour.water, fill: colour["water-words"], font: font(400, 12, "italic") };
  return [
    settled(["city"], 5, 620, 14, { maxzoom: 14 }),
    settled(["town"], 8, 600, 13, { maxzoom: 15 }),
    settled(["village", "island"], 10, 540, 12.5),
    settled(["suburb", "quarter"], 12, 500, 12),
    street("highway", 12, 11.5),
    street("major_road", 13, 11.5),
    street("medium_road", 14, 11.5),
    spot(["health", "school", "transit"], 14),
    street("minor_road", 15, 11.5),
    settled(["neighbourhood", "hamlet"], 13, 500, 12),
    spot(["public", "park"], 15),
    { dataLayer: "pois", minzoom: 13, filter: is("water"),
      symbolizer: new engine.CenteredTextSymbolizer({ ...wet, width: 1, lineHeight: 1.3 }) },
    { dataLayer: "water", minzoom: 13, filter: is("river", "canal"),
      symbolizer: new engine.LineLabelSymbolizer({ ...wet, width: 2, position: engine.LineLabelPlacement.Center, repeatDistance: 500 }) },
    spot(["shop", "worship"], 16),
    street("path", 17, 11),
    street("service", 17, 11),
  ];
}

/* Put the tiles of `base` below everything that `map` shows. */
export function lay(map, base) {
  const engine = window.protomapsL;
  const box = map.getContainer();
  const language = document.documentElement.lang;
  const look = () => {
    const colour = colours(box);
    return {
      paintRules: paint(engine, colour),
      labelRules: words(engine, colour, language),
      backgroundColor: colour.land,
    };
  };
  const layer = engine.leafletLayer({
    ...look(),
    url: new URL(base.tiles, location).href,
    maxDataZoom: base.zoom,
    attribution: "",
    lang: language,
    keepBuffer: 1,
    devicePixelRatio: Math.min(SHARPEST, window.devicePixelRatio),
  });
  layer.addTo(map);
  DARK.addEventListener("change", () => {
    Object.assign(layer, look());
    layer.clearLayout();
    layer.rerenderTiles();
  });
}
