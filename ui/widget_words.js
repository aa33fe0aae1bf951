// Words that Streamlit's own parts say in English alone, said in the reader's language.
// Only the text of such parts is written over, never an element, so that the page can be drawn anew as ever.
(() => {
  const quoted = (words) => words.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const pairs = __PAIRS__.map(([foreign, own]) => ({ own, names: [...foreign.matchAll(/\{(\w+)\}/g)].map((name) => name[1]),
    at: new RegExp(`^${quoted(foreign).replace(/\{\w+\}/g, "(.+)")}$`) }));
  const known = window.cmisWidgetWords;
  if (known) { known.pairs = pairs; known.look(); return; }
  const here = window.cmisWidgetWords = { pairs, look };
  const PARTS = ["stMultiSelect", "stMultiSelectDropdown", "stSelectbox", "stSelectboxVirtualDropdown", "stFileUploader",
    "stDateInput", "stTimeInput", "stTextInput", "InputInstructions"].map((one) => `[data-testid="${one}"]`).join(",");
  const SAID = ["aria-label", "title"];
  let waits = 0;

  function said(words) {
    for (const { own, names, at } of here.pairs) {
      const found = words.match(at);
      if (found) return own.replace(/\{(\w+)\}/g, (_, name) => found[names.indexOf(name) + 1]);
    }
    return null;
  }
  function translate(part) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const own = said(text.data.trim());
      if (own && own !== text.data) text.data = own;
    }
    for (const one of [part, ...part.querySelectorAll("[aria-label], [title]")])
      for (const name of SAID) {
        const own = one.hasAttribute(name) && said(one.getAttribute(name));
        if (own) one.setAttribute(name, own);
      }
  }
  function look() {
    waits = 0;
    document.querySelectorAll(PARTS).forEach(translate);
  }
  new MutationObserver(() => { waits ||= requestAnimationFrame(look); })
    .observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})();
