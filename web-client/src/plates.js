// On a plate map the arrow keys lead from well to well.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function walkPlates(page) {
  for (const plate of page.querySelectorAll("svg.plate")) {
    plate.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      const well = step && event.target.closest("a");
      if (!well) return;
      const next = neighbour(well, [...plate.querySelectorAll("a")], step);
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  }
}

// The nearest well straight in one direction.
function neighbour(well, all, [across, down]) {
  const here = middle(well);
  let found, nearest = Infinity;
  for (const other of all) {
    const there = middle(other);
    const ahead = across * (there.x - here.x) + down * (there.y - here.y);
    const aside = Math.abs(down * (there.x - here.x)) + Math.abs(across * (there.y - here.y));
    if (ahead > 1 && aside < 1 && ahead < nearest) [found, nearest] = [other, ahead];
  }
  return found;
}

function middle(well) {
  const box = well.querySelector("rect").getBBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
