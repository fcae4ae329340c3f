// The cards of a school and of a unit, and what a resident asks: my village → school and year, before and after.
function actionWords(action) {
  const words = [fill(T.acts, {year: action.year, action: (D.marks[action.action] || {label: action.action}).label})];
  if (action.classes) words.push(fill(T.classesOf, {count: action.classes}));
  if (action.capital) words.push(fill(T.capital, {count: action.capital}));
  if (action.robustness) words.push(D.vocabulary.robustness[action.robustness]);
  if (action.reason) words.push(action.reason);
  return words.join(T.comma);
}

function siteCard(site) {
  const sections = sectionsOf[site];
  const kind = D.kinds[D.sites.kind[site]];
  const parts = [el('h2', {}, D.sites.name[site]), el('p', {}, [D.sites.township[site], kind ? kind.label : ''].filter(Boolean).join('　')),
    el('p', {}, linked(T.zoomTo, () => zoomTo('site', site)))];
  for (const section of sections) parts.push(sectionCard(section));
  return parts;
}

function sectionCard(section) {
  const stage = stageWord(S.stage[section]), at = yearAt(), changes = actionsOf[section];
  const lines = {children: series(state.network, 'pupils', section), plan: series('plan', 'seats', section), no_action: series('no_action', 'seats', section)};
  const sides = ['plan', 'no_action'].map((network) => el('tr', {}, el('th', {scope: 'row'}, networkWord(network)),
    ['classes', 'seats', 'pupils', 'largest'].map((name) => el('td', {class: 'n'}, figure(series(network, name, section)[at], name === 'pupils' || name === 'largest'))),
    el('td', {class: 'n'}, percent(series(network, 'pupils', section)[at], series(network, 'seats', section)[at])),
    el('td', {class: 'n'}, minutesWord(series(network, 'minutes', section)[phaseAt(state.year)]))));
  const heads = [T.network, T.classes, T.seats, T.pupils, T.largest, T.use, fill(T.meanMinutes, {year: Math.min(D.phases[phaseAt(state.year)][2], D.target)})];
  return el('section', {}, el('h3', {}, stage),
    changes.length ? el('ul', {class: 'steps'}, changes.map((action) => el('li', {class: 'changed'}, actionWords(action)))) : el('p', {}, T.kept),
    el('table', {}, el('caption', {}, fill(T.inYear, {year: state.year})), el('thead', {}, el('tr', {}, heads.map((head, place) => el('th', {scope: 'col', class: place ? 'n' : false}, head)))), el('tbody', {}, sides)),
    balanceChart(lines, fill(T.chartTitle, {place: sectionName(section), stage: stage})), chartLegend(['pupils', 'plan', 'no_action']),
    el('details', {}, el('summary', {}, T.byYear), yearTable(section)), zoneWords(section), moveWords(section));
}

function yearTable(section) {
  const names = ['pupils', 'classes', 'seats'];
  return el('table', {}, el('thead', {}, el('tr', {}, el('th', {scope: 'col', rowspan: 2}, T.year), ['plan', 'no_action'].map((network) => el('th', {scope: 'colgroup', colspan: 3}, networkWord(network)))),
    el('tr', {}, [...names, ...names].map((name) => el('th', {scope: 'col', class: 'n'}, T[name])))),
    el('tbody', {}, D.years.map((year, at) => el('tr', {class: year === state.year ? 'now' : false}, el('th', {scope: 'row'}, String(year)),
      ['plan', 'no_action'].flatMap((network) => names.map((name) => el('td', {class: 'n'}, figure(series(network, name, section)[at], name === 'pupils'))))))));
}

/** Units of the catchment in the chosen year: those that stay, come and go against today. */
function zoneWords(section) {
  const layer = D.layers.filter((one) => one.stage === S.stage[section]).pop();
  if (!layer) return null;
  const has = (zone) => zone >= 0 && layer.zones[zone].includes(section);
  const now = zonesAt(layer, state.network, phaseAt(state.year)).map(has), today = zonesAt(layer, 'no_action', 0).map(has);
  const groups = [[T.unitsKept, (unit) => now[unit] && today[unit]], [T.unitsIn, (unit) => now[unit] && !today[unit]], [T.unitsOut, (unit) => !now[unit] && today[unit]]];
  return el('div', {}, groups.map(([words, belongs]) => {
    const own = D.units.name.flatMap((name, unit) => (belongs(unit) ? [unit] : []));
    return own.length ? el('p', {class: words === T.unitsKept ? false : 'changed'}, fill(words, {count: own.length}), own.map((unit, place) => [place ? T.comma : '', linked(D.units.name[unit], () => zoomTo('unit', unit))]).flat()) : null;
  }));
}

function moveWords(section) {
  const leaving = D.moves.filter((move) => move.section === section), coming = D.moves.filter((move) => move.to === section);
  return el('div', {}, leaving.map((move) => el('p', {class: 'changed'}, fill(move.to < 0 ? T.movesNowhere : T.movesTo, {year: move.year, count: move.children, school: move.to < 0 ? '' : sectionName(move.to), before: minutesWord(move.before), after: minutesWord(move.after)}))),
    coming.map((move) => el('p', {class: 'changed'}, fill(T.movesFrom, {year: move.year, count: move.children, school: sectionName(move.section), before: minutesWord(move.before), after: minutesWord(move.after)}))));
}

function unitCard(unit) {
  const at = yearAt(), stages = Object.keys(D.children);
  const places = [...new Set([D.years.indexOf(D.base), at, D.years.length - 1])];
  const rows = stages.map((stage) => el('tr', {}, el('th', {scope: 'row'}, stageWord(stage)),
    places.map((place) => el('td', {class: 'n'}, figure(D.children[stage][unit][place], true)))));
  return [el('h2', {}, D.units.name[unit]), el('p', {}, `${D.townships[D.units.township[unit]]}　${fill(T.km2, {count: D.units.km2[unit]})}`),
    el('p', {}, linked(T.zoomTo, () => zoomTo('unit', unit))),
    el('table', {}, el('caption', {}, T.unitChildren), el('thead', {}, el('tr', {}, [T.stage, ...places.map((place) => D.years[place])].map((head, place) => el('th', {scope: 'col', class: place ? 'n' : false}, String(head))))), el('tbody', {}, rows)),
    el('details', {}, el('summary', {}, T.byYear), el('table', {}, el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, T.year), stages.map((stage) => el('th', {class: 'n', scope: 'col'}, stageWord(stage))))),
      el('tbody', {}, D.years.map((year, place) => el('tr', {class: place === at ? 'now' : false}, el('th', {scope: 'row'}, String(year)), stages.map((stage) => el('td', {class: 'n'}, figure(D.children[stage][unit][place], true)))))))),
    zoneSteps(unit), ...choiceWords(unit)];
}

/** School by school year from today on: a table of the bands, a row where something changes. */
function zoneSteps(unit) {
  const rows = D.layers.flatMap((layer) => stepsOf(layer, unit).map((step, place, all) => el('tr', {class: place ? 'changed' : false},
    place ? null : el('th', {scope: 'row', rowspan: all.length}, layer.title),
    el('td', {}, place ? fill(T.from, {year: step.year}) : fill(T.today, {year: step.year})), el('td', {}, schoolLinks(layer, step.zone)), el('td', {class: 'n'}, minutesWord(step.minutes)))));
  return el('table', {}, el('caption', {}, T.zoneSteps), el('thead', {}, el('tr', {}, [T.stage, T.when, T.school, T.journey].map((head) => el('th', {scope: 'col'}, head)))), el('tbody', {}, rows));
}
function schoolLinks(layer, zone) {
  if (zone < 0) return T.unserved;
  return layer.zones[zone].flatMap((section, place) => [place ? T.comma : '', linked(sectionName(section), () => zoomTo('site', S.site[section]))]);
}
function stepsOf(layer, unit) {
  const steps = [];
  D.phases.forEach(([, first], phase) => {
    const zone = zonesAt(layer, 'plan', phase)[unit];
    if (!steps.length || steps[steps.length - 1].zone !== zone) steps.push({year: first, zone: zone, minutes: minutesAt(layer, 'plan', phase)[unit]});
  });
  return steps;
}
function choiceWords(unit) {
  return D.choices.map((choice) => {
    const own = choice.units[choice[state.network][phaseAt(state.year)]][unit];
    const named = [];
    for (let place = 0; place < own.length; place += 2) named.push([place ? T.comma : '', linked(sectionName(own[place]), () => zoomTo('site', S.site[own[place]])), `${T.open}${own[place + 1]}%${T.close}`]);
    return own.length ? el('p', {}, fill(T.choice, {stage: stageWord(choice.stage), year: state.year}), named.flat()) : null;
  });
}

function goesTo(layer, step) {
  const school = zoneName(layer, step.zone);
  return step.minutes === null ? school : fill(T.withJourney, {school: school, journey: minutesWord(step.minutes)});
}

/** The resident's answer in sentences. */
function residentCard(unit) {
  const parts = [el('h2', {}, D.units.name[unit])];
  for (const layer of D.layers) {
    const steps = stepsOf(layer, unit), [today, ...later] = steps;
    parts.push(el('h3', {}, layer.title), el('p', {}, fill(T.nowGoes, {school: goesTo(layer, today)})));
    if (!later.length) parts.push(el('p', {}, fill(T.staysTo, {year: D.target})));
    for (const step of later) parts.push(el('p', {class: 'changed'}, fill(D.entrants ? T.entrantsGo : T.allGo, {year: step.year, school: goesTo(layer, step)})));
    parts.push(...ends(layer, steps));
  }
  parts.push(...choiceWords(unit), el('p', {class: 'hint'}, D.rezoning), el('p', {class: 'hint'}, T.residentNote),
    el('p', {}, linked(T.onMap, () => zoomTo('unit', unit))));
  return parts.filter(Boolean);
}
const ENDING = ['consolidation', 'stop_section', 'suspension', 'new_build', 'relocation'];
function ends(layer, steps) {
  const sections = [...new Set(steps.flatMap((step) => (step.zone < 0 ? [] : layer.zones[step.zone])))];
  return sections.flatMap((section) => actionsOf[section].filter((action) => ENDING.includes(action.action)).map((action) => el('p', {class: 'changed'},
    fill(T.schoolActs, {school: sectionName(section), year: action.year, action: D.marks[action.action].label}))));
}

function showCard() {
  if (state.site >= 0) replace(byId('card'), siteCard(state.site));
  else if (state.unit >= 0) replace(byId('card'), unitCard(state.unit));
  else replace(byId('card'), el('p', {class: 'hint'}, T.cardHint));
}
