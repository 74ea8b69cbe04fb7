// Numbers with their intervals: the columns FIELD, FIELD_low and FIELD_high.
'use strict';
(() => {
  const interval = write => Object.assign((value, row, field) => {
    const cell = document.createDocumentFragment(), low = row[`${field}_low`], high = row[`${field}_high`];
    cell.append(write(value));
    if (low !== null && high !== null) cell.append(Object.assign(document.createElement('span'), { className: 'interval', textContent: ` [${write(low)}, ${write(high)}]` }));
    return cell;
  }, { numeric: true });
  Object.assign(MerBench.formats, { interval: interval(MerBench.formats.number), signedInterval: interval(MerBench.formats.signed) });
})();
