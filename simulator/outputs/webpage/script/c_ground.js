// Borders of the units out of shared arcs, as paths in grid coordinates.
const G = D.ground;
const arcs = G.arcs.map(([x, y, ...steps]) => {
  const points = [[x, y]];
  for (let place = 0; place < steps.length; place += 2) {
    const [east, south] = points[points.length - 1];
    points.push([east + steps[place], south + steps[place + 1]]);
  }
  return points;
});

function trace(path, points, backwards, first) {
  for (let place = 0; place < points.length; place += 1) {
    const [x, y] = points[backwards ? points.length - 1 - place : place];
    if (first && place === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
}

const unitPaths = G.units.map((parts) => {
  const path = new Path2D();
  for (const rings of parts) {
    for (const ring of rings) {
      ring.forEach((arc, place) => trace(path, arcs[arc < 0 ? ~arc : arc], arc < 0, place === 0));
      path.closePath();
    }
  }
  return path;
});

const unitBoxes = G.units.map((parts) => {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const arc of parts.flat(2)) {
    for (const [x, y] of arcs[arc < 0 ? ~arc : arc]) {
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
  }
  return box;
});

/** The arcs between units that `differ`, as paths of a hundred arcs: browsers draw several of them faster than one. */
function bordersWhere(differ) {
  const paths = [];
  let count = 0;
  G.sides.forEach(([one, other], arc) => {
    if (!differ(one, other)) return;
    if (count % 100 === 0) paths.push(new Path2D());
    count += 1;
    trace(paths[paths.length - 1], arcs[arc], false, true);
  });
  return paths;
}

function linePath(parts) {
  const path = new Path2D();
  for (const [x, y, ...steps] of parts) {
    let east = x, south = y;
    path.moveTo(x, y);
    for (let place = 0; place < steps.length; place += 2) {
      east += steps[place]; south += steps[place + 1];
      path.lineTo(east, south);
    }
  }
  return path;
}

const fixedPaths = {
  units: bordersWhere(() => true),
  townships: bordersWhere((one, other) => other < 0 || D.units.township[one] !== D.units.township[other]),
  barriers: [linePath(G.barriers.flatMap((one) => one.parts))],
  ferries: [linePath(G.ferries)],
};

function boxOf(units) {
  return units.map((unit) => unitBoxes[unit]).reduce(
    (all, one) => [Math.min(all[0], one[0]), Math.min(all[1], one[1]), Math.max(all[2], one[2]), Math.max(all[3], one[3])],
    [Infinity, Infinity, -Infinity, -Infinity]);
}
