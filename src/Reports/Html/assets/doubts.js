// Whether a model's results are believable under the perturbations that are chosen, with the reasons on demand.
'use strict';
MerBench.formats.believable = (_, row) => {
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
};
