// Ratings and predictions of a clip as a small picture: a column an emotion.
'use strict';
(() => {
  const kinds = ['rating', 'clean', 'perturbed'], step = 16, height = 44, svg = 'http://www.w3.org/2000/svg';

  function mark(parent, name, attributes) {
    const element = document.createElementNS(svg, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
  }

  MerBench.formats.ratings = (_, row) => {
    const all = Object.keys(row).filter(k => k.startsWith('rating.')).map(k => k.slice('rating.'.length)), chosen = MerBench.filters.state.emotion;
    // Another dataset may rate fewer.
    const emotions = all.filter(e => row[`rating.${e}`] !== null && (chosen === MerBench.ALL || e === chosen));
    const values = emotions.flatMap(e => kinds.map(k => row[`${k}.${e}`]));
    const low = Math.min(0, ...values), high = Math.max(1, ...values), y = v => height - 4 - (height - 8) * (v - low) / (high - low);
    const picture = document.createElementNS(svg, 'svg');
    for (const [key, value] of Object.entries({ class: 'ratings', width: step * emotions.length, height, role: 'img' })) picture.setAttribute(key, value);
    picture.setAttribute('aria-label', emotions.map(e => `${e}: ${kinds.map(k => `${k} ${row[`${k}.${e}`].toFixed(2)}`).join(', ')}`).join('; '));
    emotions.forEach((emotion, i) => {
      const x = step * i + step / 2, [rating, clean, perturbed] = kinds.map(k => y(row[`${k}.${emotion}`]));
      mark(picture, 'line', { class: 'span', x1: x, x2: x, y1: clean, y2: perturbed });
      mark(picture, 'line', { class: 'rating', x1: x - 6, x2: x + 6, y1: rating, y2: rating });
      mark(picture, 'circle', { class: 'clean', cx: x, cy: clean, r: 3 });
      mark(picture, 'circle', { class: 'perturbed', cx: x, cy: perturbed, r: 3 });
    });
    return picture;
  };
})();
