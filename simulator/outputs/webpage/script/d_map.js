// The map: what is drawn, on a canvas, in layers from the ground up.
const canvas = byId('map');
const pen = canvas.getContext('2d');
const view = {scale: 1, left: 0, top: 0, ratio: 1, width: 1, height: 1, printing: false};
const INK = '#1f2933', BARE = '#ffffff';
const FACE = getComputedStyle(document.body).fontFamily;
let ground = {};
// Names are dear to draw: where a full picture takes long, they wait until the map rests.
const pace = {last: 0};
const fingers = new Map();
let waiting = false;

function fit(box, margin) {
  const wide = Math.max(box[2] - box[0], 1), high = Math.max(box[3] - box[1], 1);
  view.scale = Math.min(view.width * margin / wide, view.height * margin / high, limits().most);
  view.left = view.width / 2 - view.scale * (box[0] + box[2]) / 2;
  view.top = view.height / 2 - view.scale * (box[1] + box[3]) / 2;
  redraw();
}
function fitAll() { fit([0, 0, G.size[0], G.size[1]], 0.94); }
/** At most 200 pixels a kilometre beyond what shows the smallest units; at least the whole map. */
function limits() {
  const whole = Math.min(view.width / Math.max(G.size[0], 1), view.height / Math.max(G.size[1], 1));
  return {least: whole * 0.6, most: Math.max(whole * 40, 0.6 * G.metres)};
}
function zoomBy(factor, x, y) {
  const {least, most} = limits();
  const scale = Math.min(Math.max(view.scale * factor, least), most), change = scale / view.scale;
  view.left = x - (x - view.left) * change;
  view.top = y - (y - view.top) * change;
  view.scale = scale;
  redraw();
}
function onScreen(x, y) { return [view.left + view.scale * x, view.top + view.scale * y]; }

function resize() {
  if (view.printing) return;
  const box = byId('mapBox').getBoundingClientRect();
  const before = {width: view.width, height: view.height};
  view.width = Math.max(box.width - 2, 50); view.height = Math.max(box.height - 2, 50);
  view.ratio = Math.min(window.devicePixelRatio || 1, 3);
  size(view.ratio);
  if (before.width === 1) fitAll();
  else { view.left += (view.width - before.width) / 2; view.top += (view.height - before.height) / 2; redraw(); }
}
function size(ratio) {
  canvas.width = Math.round(view.width * ratio);
  canvas.height = Math.round(view.height * ratio);
  view.drawn = ratio;
}

function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const hurried = pace.last > 25 && fingers.size > 0;
    const began = performance.now();
    draw(!hurried);
    if (!hurried) pace.last = performance.now() - began;
  });
}

/** What depends on stage, scheme and year, not on the zoom. */
function refreshGround() {
  const layer = layerNow(), phase = phaseAt(state.year);
  ground = {colours: [], hatched: null, uncovered: null, changed: null, zones: [], own: null};
  const covered = D.covered.find((one) => one.stage === state.stage);
  if (covered) {
    const digits = covered.units[covered[state.network][phase]];
    ground.uncovered = joined((unit) => digits[unit] === '0');
  }
  if (!layer) return;
  const own = zonesAt(layer, state.network, phase), today = zonesAt(layer, 'no_action', 0);
  ground.colours = own.map((zone) => (zone < 0 ? BARE : D.tints[layer.colours[zone] % D.tints.length]));
  ground.hatched = joined((unit) => own[unit] < 0);
  ground.changed = joined((unit) => own[unit] !== today[unit]);
  ground.zones = bordersWhere((one, other) => other < 0 || own[one] !== own[other]);
  ground.own = own;
}
function joined(wanted) {
  const path = new Path2D();
  let some = false;
  unitPaths.forEach((own, unit) => { if (wanted(unit)) { path.addPath(own); some = true; } });
  return some ? path : null;
}

function draw(named) {
  const ratio = view.drawn;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = '#eef2f6';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.left, ratio * view.top);
  pen.lineJoin = 'round';
  drawGround(1 / view.scale);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (state.show.moves && state.network === 'plan') drawMoves();
  const marked = drawSchools();
  if (named) drawNames(marked);
  drawScale();
  document.documentElement.setAttribute('data-drawn', '1');
}

function stroke(paths, colour, width, dash) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  for (const path of paths) pen.stroke(path);
  pen.setLineDash([]);
}
function patterned(path, pattern, px) {
  if (!path) return;
  pattern.setTransform(new DOMMatrix().scale(px));
  pen.fillStyle = pattern;
  pen.fill(path);
}
const PATTERNS = {unserved: hatch(pen, '#777777', 7, false), changed: hatch(pen, '#1f2933', 10, true), uncovered: dots(pen, '#7a3e00')};

function drawGround(px) {
  stroke(fixedPaths.ferries, '#0072b2', 1.4 * px, [px * 2, px * 3]);
  unitPaths.forEach((path, unit) => { pen.fillStyle = (state.show.zones && ground.colours[unit]) || BARE; pen.fill(path); });
  if (state.show.zones) patterned(ground.hatched, PATTERNS.unserved, px);
  if (state.show.changed) patterned(ground.changed, PATTERNS.changed, px);
  if (state.show.uncovered) patterned(ground.uncovered, PATTERNS.uncovered, px);
  stroke(fixedPaths.units, 'rgba(110,120,130,.75)', 0.6 * px, []);
  if (state.show.zones) stroke(ground.zones, INK, 1.5 * px, []);
  if (state.show.townships) stroke(fixedPaths.townships, '#6b5b95', 1.6 * px, [6 * px, 3 * px, px, 3 * px]);
  if (state.show.barriers) stroke(fixedPaths.barriers, '#1f4e79', 2.4 * px, [9 * px, 4 * px]);
  drawChosen(px);
}

/** The chosen unit, and the units of the chosen school. */
function drawChosen(px) {
  if (state.unit >= 0) {
    stroke([unitPaths[state.unit]], '#ffffff', 5 * px, []);
    stroke([unitPaths[state.unit]], '#d00000', 2.6 * px, []);
  }
  if (state.site < 0 || !ground.own) return;
  const layer = layerNow();
  const mine = ground.own.map((zone) => zone >= 0 && layer.zones[zone].some((section) => S.site[section] === state.site));
  const edge = bordersWhere((one, other) => mine[one] !== (other >= 0 && mine[other]));
  stroke(edge, '#ffffff', 6 * px, []);
  stroke(edge, '#d00000', 3.2 * px, []);
}

/** Sites with a section of the stage that runs, or that the plan acts on by then. */
function shownSites() {
  const found = new Map();
  S.id.forEach((id, section) => {
    if (S.stage[section] !== state.stage) return;
    const done = state.network === 'plan' ? actionsOf[section].filter((action) => action.year <= state.year) : [];
    const open = runs(state.network, section, state.year);
    if (open || done.length) {
      const before = found.get(S.site[section]) || {open: false, pupils: 0, actions: []};
      found.set(S.site[section], {
        open: before.open || open,
        pupils: before.pupils + (series(state.network, 'pupils', section)[yearAt()] || 0),
        actions: before.actions.concat(done.map((action) => action.action)),
      });
    }
  });
  return found;
}
function gravest(actions) { return Object.keys(D.marks).find((action) => actions.includes(action)); }

function drawSchools() {
  const shown = state.show.schools || state.show.actions ? shownSites() : new Map();
  const marked = [];
  const factor = Math.min(1.15, 0.7 + 0.45 * Math.sqrt(view.scale / limits().least / 12));
  for (const [site, own] of shown) {
    const [x, y] = onScreen(D.sites.x[site], D.sites.y[site]);
    if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
    const grown = factor * (own.pupils >= 2000 ? 1.5 : own.pupils >= 1000 ? 1.25 : own.pupils >= 300 ? 1 : 0.8);
    const mark = D.kinds[D.sites.kind[site]];
    const action = state.show.actions ? gravest(own.actions) : undefined;
    if (state.show.schools && own.open && mark) drawMark(pen, mark, x, y, grown, '#222222');
    if (action) drawMark(pen, D.marks[action], x, y, factor * 0.95, '#ffffff');
    if (site === state.site) {
      pen.strokeStyle = '#d00000'; pen.lineWidth = 3;
      pen.beginPath(); pen.arc(x, y, 14, 0, 2 * Math.PI); pen.stroke();
    }
    if ((state.show.schools && own.open) || action) marked.push({site, x, y, weight: (site === state.site ? 1e9 : 0) + (action ? 1e6 : 0) + own.pupils});
  }
  return marked.sort((one, other) => other.weight - one.weight);
}

function drawMoves() {
  for (const move of D.moves) {
    if (move.to < 0 || move.year > state.year || S.stage[move.section] !== state.stage) continue;
    const from = S.site[move.section], to = S.site[move.to];
    if (from === to) continue;
    const [x, y] = onScreen(D.sites.x[from], D.sites.y[from]), [east, south] = onScreen(D.sites.x[to], D.sites.y[to]);
    const angle = Math.atan2(south - y, east - x), tip = [east - 9 * Math.cos(angle), south - 9 * Math.sin(angle)];
    pen.strokeStyle = pen.fillStyle = '#b2182b';
    pen.lineWidth = move.children >= 300 ? 4.5 : move.children >= 100 ? 3.2 : move.children >= 20 ? 2.2 : 1.4;
    pen.beginPath(); pen.moveTo(x, y); pen.lineTo(tip[0] - 6 * Math.cos(angle), tip[1] - 6 * Math.sin(angle)); pen.stroke();
    pen.beginPath(); pen.moveTo(...tip);
    for (const turn of [2.75, -2.75]) pen.lineTo(tip[0] + 11 * Math.cos(angle + turn), tip[1] + 11 * Math.sin(angle + turn));
    pen.fill();
  }
}

/** Names that do not overlap: schools first, then units where there is room. */
function drawNames(marked) {
  if (!state.show.names) return;
  const taken = marked.slice(0, 600).map(({x, y}) => [x - 6, y - 6, x + 6, y + 6]);
  pen.textBaseline = 'middle';
  pen.font = `12px ${FACE}`;
  for (const {site, x, y} of marked) place(D.sites.name[site], x, y, [[9, 0], [-9, 0], [0, 14], [0, -14]], taken, INK);
  pen.font = `11px ${FACE}`;
  D.units.name.forEach((name, unit) => {
    const box = unitBoxes[unit];
    if ((box[2] - box[0]) * view.scale < 70 || (box[3] - box[1]) * view.scale < 30) return;
    place(name, ...onScreen(D.units.x[unit], D.units.y[unit]), [[0, 0], [0, 12], [0, -12]], taken, '#52606d');
  });
}
function place(words, x, y, offsets, taken, colour) {
  if (x < 0 || y < 0 || x > view.width || y > view.height) return;
  const wide = pen.measureText(words).width;
  for (const [east, south] of offsets) {
    const left = east > 0 ? x + east : east < 0 ? x + east - wide : x - wide / 2;
    const box = [left - 1, y + south - 7, left + wide + 1, y + south + 7];
    if (box[0] < 0 || box[2] > view.width) continue;
    if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
    taken.push(box);
    pen.strokeStyle = 'rgba(255,255,255,.9)'; pen.lineWidth = 3;
    pen.strokeText(words, left, y + south);
    pen.fillStyle = colour;
    pen.fillText(words, left, y + south);
    return;
  }
}

/** Scale bar of a round length, and the north arrow. */
function drawScale() {
  const metres = G.metres / view.scale;
  const step = 10 ** Math.floor(Math.log10(metres * 130));
  const length = [5, 2, 1].map((times) => times * step).find((one) => one <= metres * 130) || step;
  const wide = length / metres, x = 12, y = view.height - 12;
  pen.fillStyle = 'rgba(255,255,255,.85)';
  pen.fillRect(x - 6, y - 22, wide + 14, 30);
  pen.strokeStyle = pen.fillStyle = INK;
  pen.lineWidth = 2;
  pen.beginPath(); pen.moveTo(x, y - 5); pen.lineTo(x, y); pen.lineTo(x + wide, y); pen.lineTo(x + wide, y - 5); pen.stroke();
  pen.font = `11px ${FACE}`; pen.textBaseline = 'alphabetic';
  pen.fillText(length >= 1000 ? fill(T.kilometres, {count: length / 1000}) : fill(T.metres, {count: length}), x + 4, y - 8);
  const east = view.width - 22, south = view.height - 16;
  pen.beginPath(); pen.moveTo(east, south - 26); pen.lineTo(east + 7, south); pen.lineTo(east, south - 6); pen.lineTo(east - 7, south); pen.closePath(); pen.fill();
  pen.fillText(T.north, east - pen.measureText(T.north).width / 2, south - 30);
  canvas.dataset.barMetres = length; canvas.dataset.barPixels = wide;
}
