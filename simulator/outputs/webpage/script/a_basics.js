// Reading the data, words, elements, and the state that everything is drawn from.
const D = JSON.parse(document.getElementById('data').textContent);
const T = D.words;
const state = {
  stage: '', band: 0, network: 'plan', year: D.target, place: 0, site: -1, unit: -1,
  show: {zones: true, uncovered: false, changed: false, schools: true, actions: true, names: true, barriers: true, moves: true, townships: true},
};
const watchers = [];

function byId(id) { return document.getElementById(id); }

/** The words with {names} replaced by values. */
function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A new element with attributes and children; a text child is text, never markup. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick') made.addEventListener('click', value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

function replace(parent, ...children) { parent.replaceChildren(...children.flat().filter((child) => child)); }

/** A figure as it is read: a hidden count says so, an unknown one is a dash. */
function figure(value, hidden) {
  if (value === null || value === undefined) return hidden && D.fewest ? fill(T.fewer, {count: D.fewest}) : '—';
  return String(value);
}

function percent(part, whole) { return part === null || !whole ? '—' : `${Math.round(100 * part / whole)}%`; }

function minutesWord(value) { return value === null || value === undefined ? '—' : fill(T.minutes, {count: Math.round(value)}); }

function linked(words, action) { return el('button', {type: 'button', class: 'link', onclick: action}, words); }

/** Change the state and let everything that shows it follow. */
function set(changes) {
  Object.assign(state, changes);
  for (const watcher of watchers) watcher(changes);
}

function yearAt() { return D.years.indexOf(state.year); }
function phaseAt(year) { return D.phases.reduce((found, phase, number) => (phase[1] <= year ? number : found), 0); }
function phaseWords(number) {
  const [phase, first, last] = D.phases[number];
  return phase === 0 ? fill(T.today, {year: first}) : fill(T.span, {first: first, last: last});
}
function stageWord(stage) { return (D.stages.find((one) => one.id === stage) || {label: stage}).label; }
function networkWord(network) { return D.networks.find((one) => one.id === network).label; }

// Sections: a list of what belongs to each, by number.
const S = D.sections;
const sectionsOf = D.sites.id.map(() => []);
S.site.forEach((site, section) => sectionsOf[site].push(section));
const actionsOf = S.id.map(() => []);
for (const action of D.actions) actionsOf[action.section].push(action);

/** A column of a section under a network: the no-action network stores only what differs. */
function series(network, name, section) {
  if (network === 'no_action') {
    const own = S.no_action[name][section];
    return own === null ? S.plan[name][section] : own;
  }
  return S[network][name][section];
}
function seatsOf(network, section, year) { return series(network, 'seats', section)[D.years.indexOf(year)]; }
function runs(network, section, year) { return (series(network, 'classes', section)[D.years.indexOf(year)] || 0) > 0 || (seatsOf(network, section, year) || 0) > 0; }
function sectionName(section) { return D.sites.name[S.site[section]]; }
function zoneName(layer, zone) { return zone < 0 ? T.unserved : layer.zones[zone].map(sectionName).join(T.comma); }
function layersOf(stage) { return D.layers.filter((layer) => layer.stage === stage); }
/** The layer that the map shows; counted from the highest grades, which name the school. */
function layerNow() { const own = layersOf(state.stage); return own[own.length - 1 - Math.min(state.band, own.length - 1)]; }
function zonesAt(layer, network, phase) { return layer.units[layer[network][phase]]; }
function minutesAt(layer, network, phase) { return layer.minutes[layer[network][phase]]; }
