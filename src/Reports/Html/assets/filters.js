// The filters at the top of the page.
'use strict';
MerBench.filters = (() => {
  const form = document.getElementById('filters'), listeners = [];
  const state = { model: null, perturbation: null, emotion: MerBench.ALL };

  function boxes(field) { return form ? [...form.querySelectorAll(`input[name="${field}"]`)] : []; }

  function read() {
    for (const field of ['model', 'perturbation']) {
      const all = boxes(field), chosen = all.filter(b => b.checked);
      state[field] = chosen.length === all.length ? null : new Set(chosen.map(b => b.value));
      const count = form.querySelector(`[data-count="${field}"]`);
      if (count) count.textContent = state[field] === null ? `all ${all.length}` : `${chosen.length} of ${all.length}`;
    }
    state.emotion = form.elements.emotion?.value ?? MerBench.ALL;
    const filtered = state.model !== null || state.perturbation !== null || state.emotion !== MerBench.ALL;
    document.getElementById('show-all').disabled = !filtered;
    document.getElementById('filter-status').textContent = filtered ? 'Charts and tables show what is chosen.' : 'Charts and tables show everything.';
    for (const tell of listeners) tell();
  }

  if (form) {
    form.hidden = false;
    form.addEventListener('submit', e => e.preventDefault());
    form.addEventListener('change', read);
    document.getElementById('show-all').addEventListener('click', () => { form.reset(); read(); });
    // Menus close as menus do.
    const menus = [...form.querySelectorAll('details')];
    document.addEventListener('click', e => menus.forEach(m => { if (!m.contains(e.target)) m.open = false; }));
    form.addEventListener('keydown', e => {
      if (e.key !== 'Escape') return;
      const open = menus.find(m => m.open);
      if (open) { open.open = false; open.querySelector('summary').focus(); }
    });
  }

  return { state, onChange: tell => listeners.push(tell) };
})();
