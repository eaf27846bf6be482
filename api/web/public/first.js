/* Before anything is drawn: the theme that was chosen, so that no light page flashes in the dark; and a word for browsers that are too old. */
;(function () {
  try {
    var theme = localStorage.getItem('jiedui.theme') || 'system'
    var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    if (dark) document.documentElement.classList.add('dark')
    var lang = localStorage.getItem('jiedui.language')
    if (lang === 'en') document.documentElement.lang = 'en'
  } catch (e) {}
  var known =
    typeof Promise === 'function' &&
    'noModule' in document.createElement('script') &&
    typeof Object.hasOwn === 'function'
  if (!known)
    document.addEventListener('DOMContentLoaded', function () {
      document.getElementById('too-old').hidden = false
    })
})()
