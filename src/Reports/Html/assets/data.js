// The page's tables, and which of their rows a chart or table shows.
'use strict';
const MerBench = (() => {
  const ALL = 'all', tables = new Map();

  function decode(name) {
    const columns = JSON.parse(document.querySelector(`script[data-table="${CSS.escape(name)}"]`).textContent);
    const names = Object.keys(columns), lists = names.map(n => Array.isArray(columns[n]) ? columns[n] : columns[n].index.map(i => i === null ? null : columns[n].values[i]));
    return Array.from({ length: lists[0]?.length ?? 0 }, (_, row) => Object.fromEntries(names.map((n, c) => [n, lists[c][row]])));
  }

  function rowsOf(name) {
    if (!tables.has(name)) tables.set(name, decode(name));
    return tables.get(name);
  }

  // Rows with means over emotions stand beside those of single emotions; where there are none, all emotions are shown.
  function ofEmotion(rows, emotion, each) {
    if (rows.length === 0 || !('emotion' in rows[0])) return rows;
    if (emotion !== ALL) return rows.filter(r => r.emotion === emotion);
    const single = each || rows.every(r => r.emotion !== ALL);
    return rows.filter(r => (r.emotion !== ALL) === single);
  }

  function has(row, field, wanted) {
    return wanted === null ? row[field] !== null && row[field] !== undefined : row[field] === wanted;
  }

  function largestOfEach(rows, view) {
    const kept = new Map();
    for (const row of rows) {
      const key = JSON.stringify(view.oneOf.map(f => row[f])), other = kept.get(key);
      if (other === undefined || row[view.largest] > other[view.largest]) kept.set(key, row);
    }
    return [...kept.values()];
  }

  /** The rows of a view that the page's filters let through, before its own choice. */
  function candidates(view, filters) {
    let rows = rowsOf(view.source).filter(r => Object.entries(view.where).every(([f, wanted]) => has(r, f, wanted)));
    for (const [field, filter] of [['model', 'model'], ['other_model', 'model'], ['perturbation', 'perturbation']]) {
      if (filters[filter] && rows.length > 0 && field in rows[0]) rows = rows.filter(r => filters[filter].has(r[field]));
    }
    return ofEmotion(rows, filters.emotion, view.eachEmotion);
  }

  /** The rows that a view shows. */
  function shown(view, filters, choice) {
    let rows = candidates(view, filters);
    if (view.choice !== null) rows = rows.filter(r => choice === null ? r[view.choice.flag] : r[view.choice.field] === choice);
    return view.oneOf.length > 0 ? largestOfEach(rows, view) : rows;
  }

  function csv(rows) {
    // A spreadsheet would take text that begins so for a formula.
    const plain = v => typeof v === 'string' && /^[=+\-@]/.test(v) && Number.isNaN(Number(v)) ? `'${v}` : v;
    const quote = v => v === null || v === undefined ? '' : /[",\n\r]/.test(plain(v)) ? `"${String(plain(v)).replaceAll('"', '""')}"` : String(plain(v));
    const names = rows.length > 0 ? Object.keys(rows[0]) : [];
    return [names, ...rows.map(r => names.map(n => r[n]))].map(line => line.map(quote).join(',')).join('\n') + '\n';
  }

  function save(name, type, content) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** A button among the tools of a chart or table. */
  function tool(figure, text, label, action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = text;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', action);
    figure.querySelector('.tools').append(button);
    return button;
  }

  /** The select element of a view with a choice; tells when another value is chosen. */
  function choices(figure, view, changed) {
    const choice = view.choice;
    if (choice === null) return null;
    const label = document.createElement('label'), select = document.createElement('select');
    label.append(`${choice.label} `, select);
    figure.querySelector('.tools').prepend(label);
    select.addEventListener('change', changed);
    return {
      get value() { return choice.flag !== null && select.selectedIndex <= 0 ? null : select.value; },
      update(filters) {
        const before = select.value, values = [...new Set(candidates(view, filters).map(r => r[choice.field]))];
        select.replaceChildren(...(choice.flag === null ? [] : [new Option(choice.flagLabel, '')]), ...values.map(v => new Option(v, v)));
        select.value = values.includes(before) ? before : select.options[0]?.value ?? '';
        label.hidden = select.options.length < 2;
      },
    };
  }

  return { ALL, shown, csv, save, tool, choices, formats: {}, rowsOf };
})();
