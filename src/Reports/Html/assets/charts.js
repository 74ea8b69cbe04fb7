// Draws charts with Vega-Lite. Colours are the page's CSS variables, so that theme and print need no new drawing.
'use strict';
MerBench.charts = (() => {
  // Okabe and Ito (2008), those first that stand out most on white and on black.
  const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#8C8C8C'];
  const ranges = {
    shape: ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right', 'triangle-left'],
    strokeDash: [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4], [4, 2, 1, 2], [1, 3]],
  };
  const font = getComputedStyle(document.documentElement).getPropertyValue('--sans').trim();
  const ink = 'var(--ink)', soft = 'var(--soft)', line = 'var(--line)';
  const config = {
    background: null, aria: false, font, padding: 4, view: { stroke: null },
    axis: { labelColor: soft, titleColor: ink, domainColor: line, tickColor: line, gridColor: 'var(--grid)', labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', titlePadding: 8, labelLimit: 220 },
    axisX: { grid: false }, axisY: { domain: false, ticks: false, labelPadding: 6 },
    legend: { labelColor: ink, titleColor: soft, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', orient: 'top', symbolSize: 90, labelLimit: 260, offset: 8, columnPadding: 16 },
    header: { labelColor: ink, titleColor: soft, labelFontSize: 12, labelFontWeight: 'bold', titleFontSize: 12, labelPadding: 4, labelLimit: 320 },
    title: { color: ink }, text: { color: ink, fontSize: 12 }, rule: { color: soft }, tick: { color: ink }, point: { filled: true, size: 60, opacity: 1 }, line: { strokeWidth: 2 },
    mark: { tooltip: { content: 'data' } },
  };
  const order = new Map();
  let latest = Promise.resolve();

  // A value has its place in a palette for the whole page, whatever is filtered.
  function place(field, value) {
    if (!order.has(field)) order.set(field, new Map());
    const places = order.get(field);
    if (!places.has(value)) places.set(value, places.size);
    return places.get(value);
  }

  function fillPalettes(node, channel, rows) {
    if (node === null || typeof node !== 'object') return;
    if (node.scale?.palette) {
      const field = node.scale.palette, range = ranges[channel] ?? colours;
      const domain = [...new Set(rows.map(r => r[field]))].sort((a, b) => place(field, a) - place(field, b));
      node.scale = { domain, range: domain.map(v => range[place(field, v) % range.length]) };
    }
    for (const [key, child] of Object.entries(node)) fillPalettes(child, key, rows);
  }

  function fit(spec, figure, width, rows) {
    const panel = Number(figure.dataset.panel ?? 0), gap = 18;
    if (!panel) {
      spec.width = 'container';
      spec.autosize = { type: 'fit-x', contains: 'padding' };
      return dropCrowdedNumbers(spec, width, rows);
    }
    spec.facet.sort = [...new Set(rows.map(r => r[spec.facet.field]))];
    const values = spec.facet.sort.length, own = spec.resolve?.scale?.y === 'independent';
    const labels = spec.spec.encoding?.y?.type === 'nominal' ? 8 * Math.max(...rows.map(r => r[spec.spec.encoding.y.field].length)) : 62;
    const columns = Math.max(1, Math.min(values, Math.floor((width + gap - (own ? 0 : labels)) / (panel + gap + (own ? labels : 0)))));
    spec.columns = columns;
    spec.spacing = { row: 24, column: gap };
    spec.spec.width = Math.max(110, Math.floor((width - labels * (own ? columns : 1) - gap * (columns - 1)) / columns) - 6);
    dropCrowdedNumbers(spec.spec, spec.spec.width, rows);
    return spec;
  }

  // Numbers in cells of a heat map need room.
  function dropCrowdedNumbers(spec, width, rows) {
    const x = spec.encoding?.x?.field;
    if (x && spec.layer && width / new Set(rows.map(r => r[x])).size < 42) spec.layer = spec.layer.filter(l => l.name !== 'numbers');
    return spec;
  }

  function draw(chart) {
    const { figure, view, choice } = chart, plot = figure.querySelector('.plot');
    choice?.update(MerBench.filters.state);
    const rows = chart.rows = MerBench.shown(view, MerBench.filters.state, choice?.value ?? null);
    figure.querySelector('.empty').hidden = rows.length > 0;
    plot.hidden = rows.length === 0;
    if (chart.table?.open) fillTable(chart);
    if (rows.length === 0) return Promise.resolve();
    const spec = structuredClone(chart.spec);
    fillPalettes(spec, '', rows);
    fit(spec, figure, plot.clientWidth, rows);
    spec.data = { values: rows };
    const drawing = (chart.drawing ?? Promise.resolve()).then(() => vegaEmbed(plot, spec, { ast: true, renderer: 'svg', actions: false, logLevel: vega.Error, config, tooltip: { theme: 'custom' } })).then(result => {
      chart.result?.finalize();
      chart.result = result;
      plot.dataset.drawn = 'true';
    });
    chart.drawing = drawing.catch(problem => { console.error(figure.id, problem); });
    return chart.drawing;
  }

  function fillTable(chart) {
    const most = 200, rows = chart.rows.slice(0, most), names = rows.length > 0 ? Object.keys(rows[0]) : [];
    const table = document.createElement('table'), head = table.createTHead().insertRow();
    for (const name of names) head.append(Object.assign(document.createElement('th'), { scope: 'col', textContent: name }));
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const name of names) Object.assign(line.insertCell(), { textContent: row[name] ?? '', className: typeof row[name] === 'number' ? 'number' : '' });
    }
    const rest = chart.rows.length - rows.length;
    chart.table.querySelector('.scroll').replaceChildren(table);
    chart.table.querySelector('p').textContent = rest > 0 ? `The first ${most} of ${chart.rows.length} rows; the CSV has all.` : '';
  }

  function resolved(svg) {
    const styles = getComputedStyle(document.documentElement);
    return svg.replace(/var\((--[a-z-]+)\)/g, (_, name) => styles.getPropertyValue(name).trim());
  }

  async function savePicture(chart) {
    const svg = resolved(await chart.result.view.toSVG());
    MerBench.save(`${chart.figure.id}.svg`, 'image/svg+xml', svg);
  }

  function add(figure) {
    const title = figure.querySelector('h3').textContent;
    const chart = { figure, view: JSON.parse(figure.dataset.view), spec: JSON.parse(figure.querySelector('.spec').textContent), rows: [] };
    chart.choice = MerBench.choices(figure, chart.view, () => draw(chart));
    MerBench.tool(figure, 'CSV', `CSV of “${title}”`, () => MerBench.save(`${figure.id}.csv`, 'text/csv', MerBench.csv(chart.rows)));
    MerBench.tool(figure, 'SVG', `SVG of “${title}”`, () => savePicture(chart));
    chart.table = document.createElement('details');
    chart.table.className = 'data';
    chart.table.innerHTML = '<summary>Data as a table</summary><div class="scroll" role="region" tabindex="0"></div><p class="note"></p>';
    chart.table.querySelector('.scroll').setAttribute('aria-label', `Data of “${title}”`);
    chart.table.addEventListener('toggle', () => { if (chart.table.open) fillTable(chart); });
    figure.append(chart.table);
    return chart;
  }

  async function start() {
    for (const field of ['model', 'perturbation']) document.querySelectorAll(`input[name="${field}"]`).forEach(box => place(field, box.value));
    const charts = [...document.querySelectorAll('figure.chart')].map(add);
    let width = window.innerWidth;
    const all = () => { latest = Promise.all(charts.map(draw)); };
    MerBench.filters.onChange(all);
    window.addEventListener('resize', () => {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      clearTimeout(start.timer);
      start.timer = setTimeout(all, 150);
    });
    for (const chart of charts) await draw(chart);
    document.documentElement.dataset.ready = 'true';
  }

  return { start, idle: () => latest.then(() => true) };
})();
