// Fills tables with the rows that the filters let through.
'use strict';
(() => {
  const digits = (low, high) => new Intl.NumberFormat('en', { minimumFractionDigits: low, maximumFractionDigits: high });
  const three = digits(3, 3), one = digits(1, 1), whole = digits(0, 0), significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
  const minus = text => text.replace('-', '−');
  const numeric = write => Object.assign(value => value === null || value === undefined ? '' : minus(write(value)), { numeric: true });
  Object.assign(MerBench.formats, {
    text: value => value === true ? 'yes' : value === false ? 'no' : value ?? '',
    whole: numeric(v => whole.format(v)),
    number: numeric(v => three.format(v)),
    one: numeric(v => one.format(v)),
    signed: numeric(v => (v > 0.0005 ? '+' : '') + three.format(Math.abs(v) < 0.0005 ? 0 : v)),
    percent: numeric(v => `${whole.format(100 * v)} %`),
    probability: numeric(v => v < 0.0001 ? '< 0.0001' : digits(4, 4).format(v)),
    code: value => Object.assign(document.createElement('code'), { textContent: value }),
    significant: numeric(v => significant.format(v)),
  });

  function compare(a, b) {
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });
  }

  function sorted(table) {
    if (!table.sort) return table.rows;
    const { field, falling } = table.sort;
    return table.rows.toSorted((a, b) => a[field] === null || b[field] === null ? compare(a[field], b[field]) : falling ? compare(b[field], a[field]) : compare(a[field], b[field]));
  }

  function header(table, column) {
    const cell = document.createElement('th'), button = document.createElement('button'), on = table.sort?.field === column.field;
    cell.scope = 'col';
    cell.className = MerBench.formats[column.format].numeric ? 'number' : '';
    if (on) cell.setAttribute('aria-sort', table.sort.falling ? 'descending' : 'ascending');
    button.type = 'button';
    button.textContent = column.header;
    if (column.meaning) button.title = column.meaning;
    button.addEventListener('click', () => {
      table.sort = { field: column.field, falling: on ? !table.sort.falling : Boolean(MerBench.formats[column.format].numeric) };
      fill(table);
      table.figure.querySelectorAll('th button')[table.columns.indexOf(column)].focus();
    });
    cell.append(button);
    return cell;
  }

  function fill(table) {
    const rows = sorted(table), element = table.figure.querySelector('table'), head = document.createElement('thead'), body = document.createElement('tbody');
    head.insertRow().append(...table.columns.map(c => header(table, c)));
    for (const row of rows.slice(0, table.limit)) {
      const line = body.insertRow();
      table.columns.forEach((column, i) => {
        const format = MerBench.formats[column.format], cell = i === 0 ? document.createElement('th') : document.createElement('td');
        if (i === 0) cell.scope = 'row';
        if (format.numeric) cell.className = 'number';
        cell.append(format(row[column.field], row, column.field));
        line.append(cell);
      });
    }
    element.replaceChildren(head, body);
    table.figure.querySelector('.empty').hidden = rows.length > 0;
    table.figure.querySelector('.scroll').hidden = rows.length === 0;
    const more = table.figure.querySelector('.more');
    more.hidden = rows.length <= table.limit;
    more.textContent = `Show all ${rows.length} rows`;
  }

  function update(table) {
    table.choice?.update(MerBench.filters.state);
    table.rows = MerBench.shown(table.view, MerBench.filters.state, table.choice?.value ?? null);
    fill(table);
  }

  function add(figure) {
    const { view, columns, sort, limit } = figure.dataset;
    const table = { figure, view: JSON.parse(view), columns: JSON.parse(columns), sort: sort ? { field: sort.replace('-', ''), falling: sort.startsWith('-') } : null, limit: Number(limit), rows: [] };
    table.choice = MerBench.choices(figure, table.view, () => update(table));
    MerBench.tool(figure, 'CSV', `CSV of “${figure.querySelector('h3').textContent}”`, () => MerBench.save(`${figure.id}.csv`, 'text/csv', MerBench.csv(sorted(table))));
    figure.querySelector('.more').addEventListener('click', () => { table.limit = Infinity; fill(table); });
    return table;
  }

  MerBench.tables = {
    start() {
      const tables = [...document.querySelectorAll('figure.table[data-view]')].map(add);
      tables.forEach(update);
      MerBench.filters.onChange(() => tables.forEach(update));
    },
  };
})();
