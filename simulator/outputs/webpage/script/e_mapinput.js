// Mouse, fingers and keys on the map; zoom to a place.
let dragged = 0;
let spread = 0;
const bare = document.createElement('canvas').getContext('2d');

function unitAt(x, y) {
  const east = (x - view.left) / view.scale, south = (y - view.top) / view.scale;
  return unitPaths.findIndex((path, unit) => {
    const box = unitBoxes[unit];
    return east >= box[0] && east <= box[2] && south >= box[1] && south <= box[3] && bare.isPointInPath(path, east, south, 'evenodd');
  });
}
function siteAt(x, y) {
  let best = -1, least = 14;
  for (const [site] of shownSites()) {
    const [east, south] = onScreen(D.sites.x[site], D.sites.y[site]);
    const far = Math.hypot(east - x, south - y);
    if (far < least) { best = site; least = far; }
  }
  return best;
}
function pick(x, y) {
  const site = state.show.schools || state.show.actions ? siteAt(x, y) : -1;
  if (site >= 0) { chooseSite(site); return; }
  const unit = unitAt(x, y);
  if (unit >= 0) chooseUnit(unit);
}
function chooseSite(site) { set({site: site, unit: -1}); showTab('card'); }
function chooseUnit(unit) { set({unit: unit, site: -1}); showTab('card'); }

function zoomTo(kind, number) {
  const near = 1500 / G.metres;
  if (kind === 'site') {
    const x = D.sites.x[number], y = D.sites.y[number];
    if (!sectionsOf[number].some((section) => S.stage[section] === state.stage)) set({stage: mapStage(sectionsOf[number]), band: 0});
    fit([x - near, y - near, x + near, y + near], 0.9);
    chooseSite(number);
  } else if (kind === 'unit') {
    fit(boxOf([number]), 0.45);
    chooseUnit(number);
  } else if (kind === 'township') {
    fit(boxOf(D.units.township.flatMap((own, unit) => (own === number ? [unit] : []))), 0.9);
    set({place: number + 1});
    showTab('overview');
  } else fitAll();
  canvas.scrollIntoView({block: 'nearest'});
}
function mapStage(sections) {
  const own = sections.map((section) => S.stage[section]);
  return own.find((stage) => layersOf(stage).length) || own[0] || state.stage;
}

function spot(event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
canvas.addEventListener('pointerdown', (event) => {
  fingers.set(event.pointerId, spot(event));
  canvas.setPointerCapture(event.pointerId);
  dragged = 0; spread = 0;
});
canvas.addEventListener('pointermove', (event) => {
  const now = spot(event), before = fingers.get(event.pointerId);
  if (!before) { hover(now); return; }
  fingers.set(event.pointerId, now);
  if (fingers.size === 1) {
    dragged += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (dragged > 4) { view.left += now[0] - before[0]; view.top += now[1] - before[1]; redraw(); }
  } else {
    const [one, other] = [...fingers.values()], apart = Math.hypot(one[0] - other[0], one[1] - other[1]);
    if (spread) zoomBy(apart / spread, (one[0] + other[0]) / 2, (one[1] + other[1]) / 2);
    spread = apart; dragged = 99;
  }
});
for (const name of ['pointerup', 'pointercancel']) {
  canvas.addEventListener(name, (event) => {
    const known = fingers.delete(event.pointerId);
    if (name === 'pointerup' && known && fingers.size === 0 && dragged <= 4) pick(...spot(event));
    spread = 0;
    redraw();
  });
}
canvas.addEventListener('pointerleave', () => { byId('tip').hidden = true; });
canvas.addEventListener('wheel', (event) => {
  event.preventDefault();
  zoomBy(Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 350), ...spot(event));
}, {passive: false});
canvas.addEventListener('dblclick', (event) => zoomBy(2, ...spot(event)));

function hover([x, y]) {
  const site = state.show.schools ? siteAt(x, y) : -1, unit = site < 0 ? unitAt(x, y) : -1, tip = byId('tip');
  tip.hidden = site < 0 && unit < 0;
  if (tip.hidden) return;
  tip.textContent = site >= 0 ? D.sites.name[site] : unitTip(unit);
  tip.style.left = `${Math.min(x + 14, view.width - 170)}px`;
  tip.style.top = `${y + 16}px`;
}
function unitTip(unit) {
  const layer = layerNow();
  return layer && ground.own ? `${D.units.name[unit]}　${zoneName(layer, ground.own[unit])}` : D.units.name[unit];
}

canvas.addEventListener('keydown', (event) => {
  const step = 60, middle = [view.width / 2, view.height / 2];
  const acts = {
    ArrowLeft: () => { view.left += step; redraw(); }, ArrowRight: () => { view.left -= step; redraw(); },
    ArrowUp: () => { view.top += step; redraw(); }, ArrowDown: () => { view.top -= step; redraw(); },
    '+': () => zoomBy(1.4, ...middle), '=': () => zoomBy(1.4, ...middle), '-': () => zoomBy(1 / 1.4, ...middle),
    0: fitAll, Enter: () => pick(...middle),
  };
  if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  acts[event.key]();
});
byId('zoomIn').addEventListener('click', () => zoomBy(1.6, view.width / 2, view.height / 2));
byId('zoomOut').addEventListener('click', () => zoomBy(1 / 1.6, view.width / 2, view.height / 2));
byId('zoomAll').addEventListener('click', fitAll);
new ResizeObserver(resize).observe(byId('mapBox'));
window.addEventListener('beforeprint', () => { view.printing = true; size(3); draw(true); });
window.addEventListener('afterprint', () => { view.printing = false; size(view.ratio); draw(true); });
