// Search, findings, sortable tables.
const NAMES = [
  ...D.sites.name.map((name, site) => ({name: name, note: D.sites.township[site], kind: 'site', number: site})),
  ...D.units.name.map((name, unit) => ({name: name, note: D.townships[D.units.township[unit]], kind: 'unit', number: unit})),
  ...D.townships.map((name, number) => ({name: name, note: T.township, kind: 'township', number: number})),
];

/** Names that hold the typed words: those that begin with them first. */
function matches(typed, kinds) {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return [];
  const own = NAMES.filter((one) => kinds.includes(one.kind) && one.name.toLowerCase().includes(wanted));
  return own.sort((one, other) => Number(other.name.toLowerCase().startsWith(wanted)) - Number(one.name.toLowerCase().startsWith(wanted))).slice(0, 30);
}

/** A search field with its list of names, for mouse and keys. */
function searchField(input, list, kinds, chosen) {
  let offered = [], at = -1;
  const close = () => { list.hidden = true; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); at = -1; };
  const take = (one) => { input.value = one.name; close(); chosen(one); };
  const mark = () => {
    [...list.children].forEach((item, place) => item.setAttribute('aria-selected', String(place === at)));
    if (at >= 0) { input.setAttribute('aria-activedescendant', list.children[at].id); list.children[at].scrollIntoView({block: 'nearest'}); }
  };
  const show = () => {
    offered = matches(input.value, kinds);
    replace(list, offered.length || !input.value.trim() ? offered.map((one, place) => {
      const item = el('li', {role: 'option', id: `${list.id}-${place}`, 'aria-selected': 'false'}, one.name, el('span', {}, one.note));
      item.addEventListener('pointerdown', (event) => { event.preventDefault(); take(one); });
      return item;
    }) : el('li', {role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, T.nothingFound));
    list.hidden = !input.value.trim();
    input.setAttribute('aria-expanded', String(!list.hidden));
    at = -1;
  };
  input.addEventListener('input', show);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) show();
      if (offered.length) { at = (at + (event.key === 'ArrowDown' ? 1 : offered.length - (at < 0 ? 0 : 1))) % offered.length; mark(); }
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (offered.length && !list.hidden) take(offered[Math.max(at, 0)]);
    } else if (event.key === 'Escape') close();
  });
}

const F = D.findings;
let findingsShown = 60;
function showFindings() {
  const box = byId('findings'), count = F.sentence.length;
  if (!count) { replace(box, el('p', {class: 'hint'}, D.fewest ? T.noFindingsPublic : T.noFindings)); return; }
  const items = F.sentence.slice(0, findingsShown).map((sentence, number) => el('li', {},
    el('span', {class: `tag ${F.effect[number]}`}, D.vocabulary.effect[F.effect[number]]), el('span', {class: 'tag'}, D.vocabulary.status[F.status[number]]), sentence, ' ',
    F.at[number] ? el('button', {type: 'button', class: 'link', 'data-finding': number, 'aria-label': `${T.zoomTo} ${sentence}`, onclick: () => showFinding(number)}, T.zoomTo) : null));
  replace(box, el('p', {class: 'hint'}, fill(T.findingCount, {count: count})), el('ol', {}, items),
    count > findingsShown ? el('button', {type: 'button', class: 'more', onclick: () => { findingsShown += 200; showFindings(); }}, T.more) : null);
}
function showFinding(number) {
  set({year: Math.min(Math.max(F.year[number], D.base), D.target)});
  zoomTo(...F.at[number]);
}

/** Tables by name: heads as [words, is a number], rows as cells, and where a row leads. */
const TABLES = {
  schools: () => ({
    heads: [[T.school], [T.stage], [T.township], [T.actions], [T.classes, 1], [T.seats, 1], [T.pupils, 1], [T.use, 1], [T.idlePupils, 1], [T.idleSeats, 1]],
    rows: S.id.flatMap((id, section) => {
      const at = yearAt(), pupils = series('plan', 'pupils', section)[at], seats = series('plan', 'seats', section)[at];
      const cells = [sectionName(section), stageWord(S.stage[section]), D.sites.township[S.site[section]], actionsOf[section].map((action) => fill(T.acts, {year: action.year, action: D.marks[action.action].label})).join(T.comma),
        series('plan', 'classes', section)[at], seats, pupils, seats && pupils !== null ? Math.round(100 * pupils / seats) : null,
        series('no_action', 'pupils', section)[at], series('no_action', 'seats', section)[at]];
      return [{cells: cells, at: ['site', S.site[section]]}];
    }),
  }),
  units: () => {
    const stages = Object.keys(D.children), phase = phaseAt(state.year), at = yearAt();
    return {
      heads: [[T.unit], [T.township], ...stages.map((stage) => [stageWord(stage), 1]), ...D.layers.flatMap((layer) => [[`${layer.title}${T.open}${fill(T.today, {year: D.base})}${T.close}`], [`${layer.title}${T.open}${state.year}${T.close}`]])],
      rows: D.units.id.map((id, unit) => ({cells: [D.units.name[unit], D.townships[D.units.township[unit]], ...stages.map((stage) => D.children[stage][unit][at]),
        ...D.layers.flatMap((layer) => [zoneName(layer, zonesAt(layer, 'no_action', 0)[unit]), zoneName(layer, zonesAt(layer, state.network, phase)[unit])])], at: ['unit', unit]})),
    };
  },
  balance: () => ({
    heads: [[T.stage], [T.township], [T.demand, 1], ...['plan', 'no_action'].flatMap((network) => [[fill(T.seatsOf, {network: networkWord(network)}), 1], [fill(T.shortageOf, {network: networkWord(network)}), 1], [fill(T.spareOf, {network: networkWord(network)}), 1]])],
    rows: Object.entries(D.balance).flatMap(([stage, own]) => [D.district, ...D.townships].map((name, place) => ({
      cells: [stageWord(stage), name, own.children[place][yearAt()], ...['plan', 'no_action'].flatMap((network) => ['seats_standard', 'shortage', 'spare'].map((value) => own[network][value][place][yearAt()]))],
      at: place ? ['township', place - 1] : ['', 0]}))),
  }),
  actions: () => ({
    heads: [[T.year, 1], [T.school], [T.stage], [T.township], [T.actions], [T.classes, 1], ...(D.fewest ? [] : [[T.capitalHead, 1], [T.robustness], [T.reason]])],
    rows: D.actions.map((action) => ({cells: [action.year, sectionName(action.section), stageWord(S.stage[action.section]), D.sites.township[S.site[action.section]], D.marks[action.action].label, action.classes,
      ...(D.fewest ? [] : [action.capital, D.vocabulary.robustness[action.robustness] || '', action.reason])], at: ['site', S.site[action.section]]})),
  }),
  moves: () => ({
    heads: [[T.year, 1], [T.closing], [T.stage], [T.receiving], [T.children, 1], [T.before, 1], [T.after, 1]],
    rows: D.moves.map((move) => ({cells: [move.year, sectionName(move.section), stageWord(S.stage[move.section]), move.to < 0 ? T.unserved : sectionName(move.to), move.children, move.before, move.after], at: ['site', S.site[move.section]]})),
  }),
};
const listed = {name: 'schools', column: -1, down: false, most: 100};

function showTable() {
  const table = TABLES[listed.name](), wanted = byId('filter').value.trim().toLowerCase();
  let rows = wanted ? table.rows.filter((row) => row.cells.some((cell) => String(cell).toLowerCase().includes(wanted))) : table.rows;
  if (listed.column >= 0) rows = [...rows].sort((one, other) => compare(one.cells[listed.column], other.cells[listed.column], listed.down ? -1 : 1));
  const heads = table.heads.map(([words, isNumber], column) => el('th', {scope: 'col', class: isNumber ? 'n' : false, 'aria-sort': column === listed.column ? (listed.down ? 'descending' : 'ascending') : false},
    el('button', {type: 'button', onclick: () => { sortBy(column); }}, words)));
  const link = table.heads.findIndex(([words]) => [T.school, T.unit, T.closing, T.township].includes(words));
  const body = rows.slice(0, listed.most).map((row) => el('tr', {}, row.cells.map((cell, column) => el('td', {class: table.heads[column][1] ? 'n' : false},
    column === link ? linked(String(cell), () => zoomTo(...row.at)) : table.heads[column][1] ? figure(cell, D.fewest) : String(cell)))));
  byId('listYear').textContent = `${fill(T.inYear, {year: state.year})}　${fill(T.rowCount, {count: rows.length})}`;
  replace(byId('table'), el('table', {}, el('caption', {class: 'hidden'}, D.vocabulary.tables[listed.name]), el('thead', {}, el('tr', {}, heads)), el('tbody', {}, body)),
    rows.length > listed.most ? el('button', {type: 'button', class: 'more', onclick: () => { listed.most += 400; showTable(); }}, fill(T.moreRows, {count: rows.length - listed.most})) : null);
}
function sortBy(column) {
  listed.down = listed.column === column ? !listed.down : false;
  listed.column = column;
  showTable();
  byId('table').querySelectorAll('th button')[column].focus();
}
/** What is missing stands last, whichever way the rest goes. */
function compare(one, other, way) {
  const missing = (value) => value === null || value === undefined || value === '';
  if (missing(one) || missing(other)) return Number(missing(one)) - Number(missing(other));
  return way * (typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other), D.language));
}
