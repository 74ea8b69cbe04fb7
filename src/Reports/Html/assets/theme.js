// The page's theme: automatic, light or dark.
'use strict';
(() => {
  const button = document.getElementById('theme'), themes = ['automatic', 'light', 'dark'];
  let stored = null;
  try { stored = localStorage.getItem('merbench-theme'); } catch { /* Not every browser stores for files. */ }
  let theme = themes.includes(stored) ? stored : 'automatic';

  function apply() {
    if (theme === 'automatic') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  }

  button.hidden = false;
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    try { localStorage.setItem('merbench-theme', theme); } catch { /* See above. */ }
    apply();
  });
  apply();
})();
