// One well: its picture, what is drawn over it, and the cell a reader chooses.
import OpenSeadragon from "openseadragon";
import { lightsOf } from "./lights.js";
import { drawing, lines, outlines, tiles, windowOf } from "./sources.js";

// OpenSeadragon puts a style sheet into the page unless one of this name is there, and the page's policy forbids such sheets
// (it would only hide the outline of the focus on touch screens). An element of this name that is none of HTML keeps it away.
function keepStylesOut() {
  const none = document.createElementNS("", "style");
  none.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(none);
}

export function openViewer(place) {
  const view = JSON.parse(place.dataset.view);
  const well = place.dataset.well;
  const site = Number(place.dataset.site);
  const state = { time: Number(place.dataset.time), lights: lightsOf(document), layers: new Map(), solute: "" };
  const [left, top, right, bottom] = windowOf(view);
  const status = document.getElementById("viewer-status");
  keepStylesOut();
  const viewer = OpenSeadragon({
    element: place,
    showNavigationControl: false,
    showNavigator: false,
    gestureSettingsMouse: { clickToZoom: false },
    gestureSettingsTouch: { clickToZoom: false },
    maxZoomPixelRatio: 8,
    visibilityRatio: 0.2,
    drawer: "canvas",
    imageSmoothingEnabled: false,
    placeholderFillStyle: "#101214",
  });

  const picture = () =>
    view.kind === "images"
      ? tiles(well, view, site, state.time, state.lights)
      : drawing(well, site, state.time, state.solute);

  let first = true;
  function show() {
    const bounds = first ? null : viewer.viewport.getBounds();
    viewer.clearOverlays();
    viewer.open(picture());
    viewer.addOnceHandler("open", () => {
      if (bounds) viewer.viewport.fitBounds(bounds, true);
      first = false;
      for (const [key, layer] of state.layers) if (layer.on) draw(key, layer);
      place.dataset.ready = "true";
    });
  }

  function draw(key, layer) {
    if (layer.kind === "outline") {
      viewer.addTiledImage({
        tileSource: outlines(well, view, site, state.time, layer.name),
        success: (event) => event.item && (layer.item = event.item),
      });
      return;
    }
    const asked = state.time;
    fetch(lines(well, layer.kind, site, asked))
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((text) => {
        if (asked !== state.time || !layer.on) return;
        const box = document.createElement("div");
        box.className = `over over-${layer.kind}`;
        box.append(document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true));
        layer.element = box;
        viewer.addOverlay({ element: box, location: viewer.world.getItemAt(0).getBounds() });
      })
      .catch((error) => (status.textContent = error.message));
  }

  function drop(layer) {
    if (layer.item) viewer.world.removeItem(layer.item);
    if (layer.element) viewer.removeOverlay(layer.element);
    layer.item = layer.element = null;
  }

  for (const box of document.querySelectorAll("[data-layer]")) {
    const layer = { kind: box.dataset.layer, name: box.dataset.name, on: box.checked };
    state.layers.set(box, layer);
    box.addEventListener("change", () => {
      layer.on = box.checked;
      if (layer.on) draw(box, layer);
      else drop(layer);
    });
  }

  for (const input of document.querySelectorAll(".light input")) {
    input.addEventListener("change", () => {
      state.lights = lightsOf(document);
      show();
    });
  }

  document.getElementById("solute")?.addEventListener("change", (event) => {
    state.solute = event.target.value;
    show();
  });

  const slider = document.getElementById("time");
  slider?.addEventListener("input", () => {
    state.time = slider.valueAsNumber;
    document.getElementById("time-said").textContent = `${view.times[state.time]} min`;
    show();
  });

  viewer.addHandler("canvas-click", (event) => {
    if (!event.quick) return;
    const box = viewer.world.getItemAt(0).getBounds();
    const at = viewer.viewport.pointFromPixel(event.position);
    const x = left + ((at.x - box.x) / box.width) * (right - left);
    const y = top + ((at.y - box.y) / box.height) * (bottom - top);
    fetch(`${well}/nearest/${site}/${state.time}?x_um=${x}&y_um=${y}`)
      .then((answer) => answer.json())
      .then((found) => {
        if (found.cell !== null) location.assign(`${well}/cell/${found.cell}?site=${site}&time=${state.time}`);
      });
  });

  show();
}
