// What the viewer asks the workbench for, as addresses.
import { queryOf } from "./lights.js";

export function tiles(well, view, site, time, lights) {
  const levels = view.levels;
  return {
    width: view.width,
    height: view.height,
    tileSize: view.side,
    tileOverlap: 0,
    minLevel: 0,
    maxLevel: levels - 1,
    getTileUrl: (level, x, y) => `${well}/tile/${site}/${time}/${levels - 1 - level}/${x}/${y}.png?${queryOf(lights)}`,
  };
}

export function outlines(well, view, site, time, name) {
  const levels = view.levels;
  return {
    ...tiles(well, view, site, time, []),
    getTileUrl: (level, x, y) =>
      `${well}/outline/${site}/${time}/${levels - 1 - level}/${x}/${y}.png?name=${encodeURIComponent(name)}`,
  };
}

export function drawing(well, site, time, solute) {
  return { type: "image", url: `${well}/drawing/${site}/${time}.png?solute=${encodeURIComponent(solute)}` };
}

export function lines(well, kind, site, time) {
  return `${well}/${kind}/${site}/${time}.svg`;
}

// The part of the well that is shown, in µm: left, top, right, bottom.
export function windowOf(view) {
  if (view.kind === "drawn") return view.window_um;
  return [0, 0, view.width * view.pixel_um, view.height * view.pixel_um];
}
