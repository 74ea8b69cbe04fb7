// How the ranking shows intervals and doubts.
'use strict';
(() => {
  function interval(write) {
    return Object.assign((value, row, field) => {
      const cell = document.createDocumentFragment(), low = row[`${field}_low`], high = row[`${field}_high`];
      cell.append(write(value));
      if (low !== null && high !== null) cell.append(Object.assign(document.createElement('span'), { className: 'interval', textContent: ` [${write(low)}, ${write(high)}]` }));
      return cell;
    }, { numeric: true });
  }

  function believable(_, row) {
    const chosen = MerBench.filters.state.perturbation;
    const doubts = MerBench.rowsOf('doubts').filter(d => d.model === row.model && (chosen === null || chosen.has(d.perturbation)));
    if (doubts.length === 0) return Object.assign(document.createElement('span'), { className: 'mark good', textContent: '✓ believable' });
    const details = document.createElement('details'), list = document.createElement('ul');
    details.className = 'doubts';
    details.append(Object.assign(document.createElement('summary'), { className: 'mark doubt', textContent: '? doubtful' }), list);
    for (const doubt of doubts) {
      const item = document.createElement('li');
      item.append(Object.assign(document.createElement('strong'), { textContent: doubt.check }), ` (${doubt.perturbation}, ${doubt.cells} ${doubt.cells === 1 ? 'cell' : 'cells'}): ${doubt.reason}`);
      list.append(item);
    }
    return details;
  }

  Object.assign(MerBench.formats, { interval: interval(MerBench.formats.number), signedInterval: interval(MerBench.formats.signed), believable });
})();
