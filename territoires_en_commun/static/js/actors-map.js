// The points of the directory's results on a map; Leaflet is fetched when the map is asked for.
const section = document.querySelector("[data-actors-map]");
const FRANCE = [[41.3, -5.2], [51.1, 9.6]];
let map = null;

function load(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = resolve;
    element.onerror = () => reject(new Error(attributes.src || attributes.href));
    document.head.append(element);
  });
}

async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

function colour(name) {
  return getComputedStyle(section).getPropertyValue(name).trim();
}

function popup({ nom, url, precision }) {
  const box = document.createElement("div");
  const link = Object.assign(document.createElement("a"), { href: url, textContent: nom });
  box.append(link);
  if (precision === "commune") {
    box.append(Object.assign(document.createElement("p"), { textContent: "Point : centre de la commune" }));
  }
  return box;
}

// « 12 acteurs sur la carte ; 3 n’ont pas d’adresse : ils sont dans la liste. »
function sentence(shown, total) {
  const number = new Intl.NumberFormat("fr-FR");
  const placed = `${number.format(shown)} acteur${shown > 1 ? "s" : ""} sur la carte`;
  const missing = total - shown;
  if (!missing) return `${placed}.`;
  return `${placed} ; ${number.format(missing)} autre${missing > 1 ? "s" : ""} dans la liste, sans point à montrer.`;
}

async function draw(canvas, status) {
  status.textContent = "La carte se prépare…";
  const [outline, points] = await Promise.all([
    json(section.dataset.outline),
    json(section.dataset.points),
    window.L ? null : load("script", { src: section.dataset.script }),
    load("link", { rel: "stylesheet", href: section.dataset.style }),
  ]);
  const { L } = window;
  map = L.map(canvas, { attributionControl: false, minZoom: 2, maxZoom: 12, renderer: L.canvas({ padding: 0.3 }) });
  map.zoomControl.remove();
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  L.geoJSON(outline, {
    interactive: false,
    style: { color: colour("--border-plain-grey"), weight: 1, fillColor: colour("--background-alt-grey"), fillOpacity: 1 },
    pointToLayer: (feature, place) =>
      L.circleMarker(place, { radius: 2, interactive: false, color: colour("--text-mention-grey") }).bindTooltip(
        feature.properties.nom,
        { permanent: true, direction: "right", className: "actors-map__city" },
      ),
  }).addTo(map);
  const marks = L.geoJSON(points, {
    pointToLayer: (feature, place) =>
      L.circleMarker(place, {
        radius: 6,
        weight: 1.5,
        color: colour("--background-default-grey"),
        fillColor: colour("--background-action-high-blue-france"),
        fillOpacity: 0.9,
      }),
    onEachFeature: (feature, layer) => layer.bindPopup(() => popup(feature.properties)),
  }).addTo(map);
  const bounds = marks.getBounds();
  const isLocal = bounds.isValid() && bounds.getNorth() - bounds.getSouth() < 12;
  map.fitBounds(isLocal ? bounds.pad(0.2) : FRANCE, { maxZoom: 10 });
  const adapt = () => {
    const far = map.getZoom() < 7;
    canvas.classList.toggle("actors-map__canvas--far", far);
    marks.eachLayer((layer) => layer.setRadius(far ? 4 : 7));
  };
  map.on("zoomend", adapt);
  adapt();
  status.textContent = sentence(points.features.length, points.total);
}

if (section) {
  const button = section.querySelector("button");
  const panel = section.querySelector("#carte-des-acteurs");
  const status = section.querySelector("[data-actors-map-status]");
  section.hidden = false;
  button.addEventListener("click", async () => {
    const opens = panel.hidden;
    panel.hidden = !opens;
    button.setAttribute("aria-expanded", String(opens));
    button.textContent = opens ? "Masquer la carte" : "Afficher la carte";
    if (!opens || map) return;
    try {
      await draw(section.querySelector("[data-actors-map-canvas]"), status);
    } catch {
      status.textContent = "La carte n’a pas pu être chargée ; la liste ci-dessous dit la même chose.";
    }
  });
}
