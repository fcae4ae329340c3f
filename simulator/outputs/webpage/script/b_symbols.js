// Marks of schools and actions: the shapes of the printed maps.
const SIDES = {s: [4, 45], D: [4, 0], d: [4, 0], '^': [3, -90], v: [3, 90], '>': [3, 0], h: [6, -90], p: [5, -90], 8: [8, 22.5]};

/** The outline of a mark around (0, 0). */
function markPath(shape, radius) {
  const path = new Path2D();
  if (shape === '*') {
    for (let corner = 0; corner < 10; corner += 1) {
      const far = corner % 2 ? radius * 0.45 : radius;
      path.lineTo(far * Math.sin(corner * Math.PI / 5), -far * Math.cos(corner * Math.PI / 5));
    }
  } else if (shape === 'P' || shape === 'X') {
    const arm = radius * 0.36, turn = shape === 'X' ? Math.PI / 4 : 0;
    for (const [x, y] of [[arm, radius], [arm, arm], [radius, arm], [radius, -arm], [arm, -arm], [arm, -radius], [-arm, -radius], [-arm, -arm], [-radius, -arm], [-radius, arm], [-arm, arm], [-arm, radius]]) {
      path.lineTo(x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn));
    }
  } else if (SIDES[shape]) {
    const [sides, first] = SIDES[shape], narrow = shape === 'd' ? 0.6 : 1;
    for (let corner = 0; corner < sides; corner += 1) {
      const angle = (first + 360 / sides * corner) * Math.PI / 180;
      path.lineTo(narrow * radius * Math.cos(angle), radius * Math.sin(angle));
    }
  } else if (shape === '1') {
    for (const angle of [90, 210, 330]) {
      path.moveTo(0, 0);
      path.lineTo(radius * Math.cos(angle * Math.PI / 180), radius * Math.sin(angle * Math.PI / 180));
    }
    return path;
  } else path.arc(0, 0, radius, 0, 2 * Math.PI);
  path.closePath();
  return path;
}

function drawMark(pen, mark, x, y, factor, edge) {
  const path = markPath(mark.shape, Math.max(mark.size * 0.68, 3) * factor);
  pen.save();
  pen.translate(x, y);
  pen.fillStyle = mark.colour;
  pen.strokeStyle = mark.shape === '1' ? mark.colour : edge;
  pen.lineWidth = mark.shape === '1' ? 2 : 1.1;
  if (mark.shape !== '1') pen.fill(path);
  pen.stroke(path);
  pen.restore();
}

/** A small picture for the legend. */
function icon(draw) {
  const ratio = 2, canvas = el('canvas', {width: 22 * ratio, height: 16 * ratio, 'aria-hidden': 'true'});
  canvas.style.width = '22px';
  canvas.style.height = '16px';
  const pen = canvas.getContext('2d');
  pen.scale(ratio, ratio);
  draw(pen);
  return canvas;
}

/** A pattern of slanting lines, falling to the right or to the left. */
function hatch(pen, colour, gap, falling) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = gap;
  const ink = tile.getContext('2d');
  ink.strokeStyle = colour;
  ink.lineWidth = 1.2;
  for (const shift of [-gap, 0, gap]) {
    ink.moveTo(shift, falling ? 0 : gap);
    ink.lineTo(shift + gap, falling ? gap : 0);
  }
  ink.stroke();
  return pen.createPattern(tile, 'repeat');
}

function dots(pen, colour) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const ink = tile.getContext('2d');
  ink.fillStyle = colour;
  ink.fillRect(1, 1, 2, 2);
  ink.fillRect(5, 5, 2, 2);
  return pen.createPattern(tile, 'repeat');
}
