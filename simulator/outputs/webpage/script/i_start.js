// Controls, and what follows a change.
const TABS = ['overview', 'card', 'mine', 'findings'];
function showTab(name, focus) {
  for (const tab of TABS) {
    const button = byId(`tab-${tab}`);
    button.setAttribute('aria-selected', String(tab === name));
    button.tabIndex = tab === name ? 0 : -1;
    byId(tab).hidden = tab !== name;
    if (focus && tab === name) button.focus();
  }
  byId(name).scrollTop = 0;
}

function fillControls() {
  const mapped = D.stages.filter((stage) => S.stage.includes(stage.id));
  replace(byId('stage'), mapped.map((stage) => el('option', {value: stage.id}, stage.label)));
  const first = mapped.find((stage) => stage.id === 'primary') || mapped.find((stage) => layersOf(stage.id).length) || mapped[0];
  state.stage = first ? first.id : '';
  byId('stage').value = state.stage;
  const slider = byId('year');
  slider.min = D.base; slider.max = D.target; slider.value = state.year;
  for (const network of D.networks) {
    const input = el('input', {type: 'radio', name: 'network', value: network.id});
    input.checked = network.id === state.network;
    input.addEventListener('change', () => set({network: network.id}));
    byId('network').append(el('label', {}, input, network.label));
  }
  replace(byId('place'), [D.district, ...D.townships].map((name, number) => el('option', {value: number}, name)));
  replace(byId('layerList'), Object.keys(state.show).map((name) => {
    const box = el('input', {type: 'checkbox', 'data-layer': name});
    box.checked = state.show[name];
    box.addEventListener('change', () => { state.show[name] = box.checked; set({show: state.show}); });
    return el('label', {}, box, D.vocabulary.layers[name]);
  }));
  replace(byId('list'), Object.keys(TABLES).map((name) => el('option', {value: name}, D.vocabulary.tables[name])));
  byId('stamps').textContent = D.stamps.join(T.semicolon);
  byId('notes').textContent = D.notes.join(T.semicolon);
  byId('facts').textContent = D.footer;
}

function listen() {
  byId('controls').addEventListener('submit', (event) => event.preventDefault());
  byId('stage').addEventListener('change', (event) => set({stage: event.target.value, band: 0}));
  byId('band').addEventListener('change', (event) => set({band: Number(event.target.value)}));
  byId('year').addEventListener('input', (event) => set({year: Number(event.target.value)}));
  byId('place').addEventListener('change', (event) => set({place: Number(event.target.value)}));
  byId('list').addEventListener('change', (event) => { Object.assign(listed, {name: event.target.value, column: -1, down: false, most: 100}); showTable(); });
  byId('filter').addEventListener('input', () => { listed.most = 100; showTable(); });
  byId('print').addEventListener('click', () => window.print());
  TABS.forEach((name, place) => {
    byId(`tab-${name}`).addEventListener('click', () => showTab(name));
    byId(`tab-${name}`).addEventListener('keydown', (event) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (step) showTab(TABS[(place + step + TABS.length) % TABS.length], true);
    });
  });
  searchField(byId('find'), byId('found'), ['site', 'unit', 'township'], (one) => zoomTo(one.kind, one.number));
  searchField(byId('mineFind'), byId('mineFound'), ['unit'], (one) => replace(byId('mineCard'), residentCard(one.number)));
}

function showControls() {
  byId('stage').value = state.stage;
  const bands = layersOf(state.stage).reverse();
  replace(byId('band'), bands.map((layer, number) => el('option', {value: number}, layer.title)));
  byId('band').value = state.band;
  byId('band').parentNode.hidden = bands.length < 2;
  byId('year').value = state.year;
  byId('place').value = state.place;
  byId('yearWord').textContent = fill(T.inYear, {year: state.year});
  byId('phase').textContent = phaseWords(phaseAt(state.year));
  byId('year').setAttribute('aria-valuetext', `${state.year} ${phaseWords(phaseAt(state.year))}`);
  for (const label of byId('network').querySelectorAll('label')) label.classList.toggle('on', label.firstChild.checked);
  canvas.setAttribute('aria-label', fill(T.mapLabel, {district: D.district, stage: stageWord(state.stage), year: state.year, network: networkWord(state.network)}));
}

function showLegend() {
  const shown = shownSites(), kinds = new Set(), acts = new Set();
  for (const [site, own] of shown) {
    if (own.open) kinds.add(D.sites.kind[site]);
    const action = gravest(own.actions);
    if (action) acts.add(action);
  }
  const entry = (picture, words) => el('span', {}, picture, words);
  const box = (fillWith) => icon((pen_) => {
    if (typeof fillWith !== 'string') fillWith.setTransform(new DOMMatrix().scale(0.7));
    pen_.fillStyle = fillWith;
    pen_.fillRect(2, 2, 18, 12);
    pen_.strokeStyle = INK;
    pen_.strokeRect(2, 2, 18, 12);
  });
  const line = (colour, width, dash) => icon((pen_) => { pen_.strokeStyle = colour; pen_.lineWidth = width; pen_.setLineDash(dash); pen_.beginPath(); pen_.moveTo(1, 8); pen_.lineTo(21, 8); pen_.stroke(); });
  const show = state.show;
  replace(byId('legend'),
    show.schools ? Object.keys(D.kinds).filter((kind) => kinds.has(kind)).map((kind) => entry(icon((pen_) => drawMark(pen_, D.kinds[kind], 11, 8, 1, '#222')), D.kinds[kind].label)) : [],
    show.actions && state.network === 'plan' ? Object.keys(D.marks).filter((action) => acts.has(action)).map((action) => entry(icon((pen_) => drawMark(pen_, D.marks[action], 11, 8, 0.8, '#fff')), D.marks[action].label)) : [],
    show.zones && layerNow() ? [entry(box(D.tints[0]), T.zoneLegend), ground.hatched ? entry(box(PATTERNS.unserved), T.unserved) : null] : [],
    show.changed && ground.changed ? entry(box(PATTERNS.changed), T.changedLegend) : null,
    show.uncovered && ground.uncovered ? entry(box(PATTERNS.uncovered), T.uncoveredLegend) : null,
    show.townships ? entry(line('#6b5b95', 1.6, [6, 3, 1, 3]), D.vocabulary.layers.townships) : null,
    show.barriers && G.barriers.length ? entry(line('#1f4e79', 2.4, [9, 4]), D.vocabulary.layers.barriers) : null,
    G.ferries.length ? entry(line('#0072b2', 1.4, [2, 3]), T.ferry) : null,
    show.moves && state.network === 'plan' && D.moves.some((move) => move.year <= state.year && S.stage[move.section] === state.stage) ? entry(line('#b2182b', 3, []), T.moveLegend) : null);
}

watchers.push((changes) => {
  showControls();
  if ('stage' in changes || 'band' in changes || 'year' in changes || 'network' in changes) {
    refreshGround();
    showBalance();
    showTable();
  } else if ('place' in changes) showBalance();
  showLegend();
  showCard();
  redraw();
});

fillControls();
refreshGround();
showControls();
showLegend();
resize();
showBalance();
showSummary();
showTab('overview');
listen();
// What lies below the fold waits until the map is painted.
requestAnimationFrame(() => setTimeout(() => { showFindings(); showTable(); document.documentElement.setAttribute('data-ready', '1'); }, 0));
