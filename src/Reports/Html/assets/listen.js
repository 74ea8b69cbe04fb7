// Plays one sound at a time, shows where it is in its spectrogram, and switches between clean and perturbed at the same place.
'use strict';
(() => {
  const figures = [...document.querySelectorAll('figure.listen')], sounds = [...document.querySelectorAll('figure.listen audio')];

  function follow(audio) {
    const picture = audio.closest('.sound').querySelector('.spectrogram'), head = picture?.querySelector('.playhead');
    if (!head) return;
    const start = Number(picture.dataset.start), end = Number(picture.dataset.end);
    const show = () => {
      head.hidden = audio.currentTime === 0 && audio.paused;
      head.style.left = `${100 * (start + (end - start) * Math.min(1, audio.currentTime / audio.duration || 0))}%`;
      if (!audio.paused) requestAnimationFrame(show);
    };
    for (const event of ['play', 'pause', 'seeked']) audio.addEventListener(event, show);
    // For the mouse alone; the player's own slider does the same by keyboard.
    picture.addEventListener('click', e => {
      const box = picture.getBoundingClientRect(), share = ((e.clientX - box.left) / box.width - start) / (end - start);
      if (share >= 0 && share <= 1 && Number.isFinite(audio.duration)) audio.currentTime = share * audio.duration;
    });
  }

  function compare(figure) {
    const button = figure.querySelector('[data-switch]');
    if (!button) return;
    const part = name => figure.querySelector(`.sound[data-part="${name}"] audio`), clean = part('clean'), perturbed = part('perturbed'), status = figure.querySelector('[role="status"]');
    const other = () => clean.paused ? clean : perturbed;
    function change() {
      const to = other(), from = to === clean ? perturbed : clean, place = from.currentTime;
      from.pause();
      to.currentTime = from.ended || place >= to.duration ? 0 : place;
      to.play();
      status.textContent = to === clean ? 'Playing clean' : 'Playing perturbed';
    }
    const name = () => { button.textContent = clean.paused && perturbed.paused ? 'Play clean' : `Switch to ${other() === clean ? 'clean' : 'perturbed'}`; };
    for (const audio of [clean, perturbed]) for (const event of ['play', 'pause', 'ended']) audio.addEventListener(event, name);
    button.addEventListener('click', change);
    figure.addEventListener('keydown', e => {
      if (e.key.toLowerCase() !== 'x' || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      change();
    });
    button.hidden = false;
  }

  function filter() {
    const chosen = MerBench.filters.state;
    for (const figure of figures) {
      figure.hidden = !['model', 'perturbation'].every(field => chosen[field] === null || chosen[field].has(figure.dataset[field]));
      if (figure.hidden) figure.querySelectorAll('audio').forEach(a => a.pause());
    }
  }

  for (const audio of sounds) {
    audio.addEventListener('play', () => sounds.forEach(s => { if (s !== audio) s.pause(); }));
    follow(audio);
  }
  figures.forEach(compare);
  MerBench.filters.onChange(filter);
})();
