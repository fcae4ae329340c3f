// The chart of seats and children, and the same figures as a table.
const SVG = 'http://www.w3.org/2000/svg';
function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
const LINES = {children: ['#222222', 2.2, ''], plan: ['#0072b2', 2.4, ''], no_action: ['#d55e00', 2, '6 4']};

/** Steps for seats, a line for children; years without a figure leave a gap. */
function pathOf(values, x, y, stepped) {
  let text = '', lifted = true;
  values.forEach((value, place) => {
    if (value === null || value === undefined) { lifted = true; return; }
    const left = x(place - (stepped ? 0.5 : 0)), right = x(place + 0.5);
    text += `${lifted ? 'M' : 'L'}${left.toFixed(1)} ${y(value).toFixed(1)}`;
    if (stepped) text += `L${right.toFixed(1)} ${y(value).toFixed(1)}`;
    lifted = false;
  });
  return text;
}
function roundAbove(value) {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 2.5, 5, 10].map((times) => times * step).find((one) => one >= value);
}

/** A chart of `{children, plan, no_action, low, high}` by year. */
function balanceChart(lines, title) {
  const wide = 440, high = 230, left = 46, right = 10, top = 14, bottom = 24, count = D.years.length;
  const known = Object.values(lines).flat().filter((value) => value !== null && value !== undefined);
  const most = roundAbove(Math.max(...known, 10));
  const x = (place) => left + (place + 0.5) * (wide - left - right) / count;
  const y = (value) => high - bottom - value / most * (high - top - bottom);
  const picture = svg('svg', {viewBox: `0 0 ${wide} ${high}`, role: 'img', 'aria-label': title, width: '100%'});
  for (let share = 0; share <= 4; share += 1) {
    const value = most * share / 4;
    picture.append(svg('line', {x1: left, x2: wide - right, y1: y(value), y2: y(value), stroke: '#dde3e9'}));
    picture.append(svg('text', {x: left - 4, y: y(value) + 4, 'text-anchor': 'end'}, String(Math.round(value))));
  }
  D.years.forEach((year, place) => {
    if (place % Math.ceil(count / 8) === 0) picture.append(svg('text', {x: x(place), y: high - 8, 'text-anchor': 'middle'}, String(year)));
  });
  if (lines.low) {
    const above = lines.high.map((value, place) => `${x(place)},${y(value)}`), below = lines.low.map((value, place) => `${x(place)},${y(value)}`).reverse();
    if (lines.low.every((value) => value !== null)) picture.append(svg('polygon', {points: above.concat(below).join(' '), fill: '#bbbbbb', 'fill-opacity': 0.45}));
  }
  picture.append(svg('line', {x1: x(yearAt()), x2: x(yearAt()), y1: top, y2: high - bottom, stroke: '#a32020', 'stroke-dasharray': '2 3', 'stroke-width': 1.5}));
  for (const name of ['no_action', 'plan', 'children']) {
    if (!lines[name]) continue;
    const [colour, width, dash] = LINES[name];
    picture.append(svg('path', {d: pathOf(lines[name], x, y, name !== 'children'), fill: 'none', stroke: colour, 'stroke-width': width, 'stroke-dasharray': dash}));
  }
  return picture;
}
function chartLegend(names) {
  const words = {children: T.demand, plan: fill(T.seatsOf, {network: networkWord('plan')}), no_action: fill(T.seatsOf, {network: networkWord('no_action')}), pupils: T.pupils};
  return el('p', {class: 'hint'}, names.map((name) => {
    const [colour, width, dash] = LINES[name === 'pupils' ? 'children' : name];
    const line = svg('svg', {width: 26, height: 10, 'aria-hidden': 'true'}, svg('line', {x1: 0, x2: 26, y1: 5, y2: 5, stroke: colour, 'stroke-width': width, 'stroke-dasharray': dash}));
    return el('span', {}, line, ` ${words[name]}　`);
  }));
}

function showBalance() {
  const own = D.balance[state.stage];
  if (!own) { replace(byId('chart')); replace(byId('figures')); return; }
  const place = state.place, name = place ? D.townships[place - 1] : D.district;
  const title = fill(T.chartTitle, {place: name, stage: stageWord(state.stage)});
  const lines = {children: own.children[place], plan: own.plan.seats_standard[place], no_action: own.no_action.seats_standard[place]};
  const spreads = place === 0 ? D.spread[state.stage] : null;
  if (spreads) { lines.low = spreads.low; lines.high = spreads.high; }
  replace(byId('chart'), el('h2', {}, title), balanceChart(lines, title), chartLegend(['children', 'plan', 'no_action']),
    spreads ? el('p', {class: 'hint'}, spreads.drawn ? T.spreadDrawn : T.spreadVariants) : null);
  const rows = D.years.map((year, at) => el('tr', {class: year === state.year ? 'now' : false},
    el('th', {scope: 'row', class: 'n'}, String(year)),
    [own.children[place][at], own.plan.seats_standard[place][at], own.plan.shortage[place][at], own.no_action.seats_standard[place][at], own.no_action.shortage[place][at]].map(
      (value, column) => el('td', {class: (column === 2 || column === 4) && value > 0 ? 'n short' : 'n'}, figure(value, true)))));
  replace(byId('figures'), el('table', {}, el('caption', {}, T.byYear),
    el('thead', {}, el('tr', {}, [T.year, T.demand].map((head) => el('th', {class: 'n', scope: 'col', rowspan: 2}, head)), ['plan', 'no_action'].map((network) => el('th', {scope: 'colgroup', colspan: 2}, networkWord(network)))),
      el('tr', {}, [T.seats, T.shortage, T.seats, T.shortage].map((head) => el('th', {class: 'n', scope: 'col'}, head)))),
    el('tbody', {}, rows)), el('p', {class: 'hint'}, T.balanceNote));
}

function showSummary() {
  replace(byId('summary'), D.summary.map(([question, lines]) => [el('h2', {}, question), lines.map((line) => el('p', {}, line))]).flat(2));
}
