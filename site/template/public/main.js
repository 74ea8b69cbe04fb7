// The navigation bar lets readers choose among the versions that lie beside this one (see eng/site.sh).
export default {
  async start() {
    const root = new URL(document.querySelector('meta[name="docfx:rel"]').content || './', location.href)
    const own = root.pathname.split('/').at(-2)
    const answer = await fetch(new URL('../versions.json', root)).catch(() => null)
    if (!answer?.ok) return

    const select = document.createElement('select')
    select.className = 'form-select form-select-sm w-auto mx-2'
    select.ariaLabel = 'Version'
    for (const version of await answer.json()) select.add(new Option(version, version, version === own, version === own))
    select.onchange = () => location.assign(new URL(`../${select.value}/index.html`, root))
    document.querySelector('.navbar-brand').after(select)
  },
}
