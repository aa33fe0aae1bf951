// Keys of the pages: away at once (Esc twice), and the plan decided without a mouse.
// No tag may stand in here, not even in a string: Streamlit's sanitizer would drop the whole script.
(() => {
  const words = __WORDS__, idleMs = __IDLE__ * 60000, who = __WHO__;
  if (window.cmisKeys) { window.cmisKeys.words = words; return; }
  window.cmisKeys = { words };
  const TWICE_MS = 700;
  let escaped = -TWICE_MS;

  // Blank first, then leave: nothing stays on the screen while the way out is found.
  function leave() {
    document.head.replaceChildren();
    document.body.replaceChildren();
    document.documentElement.style.background = "#fff";
    left = true;
    forgetRest();
    const out = () => location.replace("/away");
    const signOut = () => fetch("/api/v1/logout", { method: "POST", keepalive: true }).then(out, out);
    Promise.race([keep(true), new Promise((done) => setTimeout(done, 300))]).then(signOut, signOut);
    setTimeout(signOut, 600);
    setTimeout(out, 1000);
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest(".cmis-leave")) { event.preventDefault(); leave(); }
  }, true);

  const writing = (at) => at.closest && at.closest("input, textarea, select, [contenteditable], [role=dialog]");
  const items = () => [...document.querySelectorAll(".cmis-item[data-sentence]")].filter((i) => i.offsetParent);

  function choose(step) {
    const all = items();
    if (!all.length) return;
    const now = all.findIndex((i) => i.dataset.sentence === window.cmisKeys.at);
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    window.cmisKeys.at = next.dataset.sentence;
    mark();
    next.scrollIntoView({ block: "center", behavior: "auto" });
  }
  function mark() {
    for (const item of items()) {
      const here = item.dataset.sentence === window.cmisKeys.at;
      item.classList.toggle("at", here);
      if (here) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
    }
  }
  function press(kind) {
    const key = `${kind}-${window.cmisKeys.at}`.replace(/[^a-zA-Z0-9_-]/g, "-"); // as Streamlit writes it
    const button = document.querySelector(`.st-key-${key} button`);
    if (button && !button.disabled) button.click();
    setTimeout(mark, 400);
  }
  const DO = { KeyJ: () => choose(1), KeyK: () => choose(-1), KeyA: () => press("a"), KeyE: () => press("e"),
    KeyS: () => press("s"), KeyU: () => press("u") };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (event.timeStamp - escaped < TWICE_MS) { event.preventDefault(); leave(); return; }
      escaped = event.timeStamp;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    const act = DO[event.code]; // the place of the key: the same under a Thai layout
    if (act && items().length) { event.preventDefault(); act(); }
  }, true);

  // What is written is kept on the server alone, each field under its name; a lost line is tried again.
  // A line of class cmis-kept names the fields it watches: the class of each, and its name in the drawer.
  const waiting = new Map(), sending = new Set(), lines = () => [...document.querySelectorAll(".cmis-kept[data-keeps]")];
  const keeps = (line) => JSON.parse(line.dataset.keeps);
  let timer = 0, left = false;
  function nameOf(field) {
    for (const line of lines())
      for (const [key, name] of Object.entries(keeps(line))) if (field.closest(`.st-key-${key}`)) return name;
    return null;
  }
  function tell(state, name) {
    for (const line of lines()) {
      if (!Object.values(keeps(line)).includes(name)) continue;
      line.dataset.state = state;
      line.textContent = window.cmisKeys.words[state];
    }
  }
  async function put(name, content, hurried) {
    const body = JSON.stringify({ content, writer: who });
    try {
      const answer = await fetch(`/api/v1/me/drawer/${name}`, { method: "PUT", body,
        headers: { "Content-Type": "application/json" }, keepalive: hurried && body.length < 15000 });
      return answer.ok ? "kept" : answer.status === 401 ? "ended" : [409, 413, 422].includes(answer.status) ? "refused" : "waits";
    } catch { return "waits"; }
  }
  async function send(name, hurried) {
    if (sending.has(name) && !hurried) return;
    const text = waiting.get(name);
    sending.add(name);
    const state = await put(name, text, hurried);
    sending.delete(name);
    if (state === "refused" || (state === "kept" && waiting.get(name) === text)) waiting.delete(name);
    tell(state === "refused" ? "waits" : state, name);
  }
  async function keep(hurried) {
    clearTimeout(timer);
    await Promise.all([...waiting.keys()].map((name) => send(name, hurried)));
    if (waiting.size) { clearTimeout(timer); timer = setTimeout(keep, 4000); }
  }
  document.addEventListener("input", (event) => {
    const name = event.target.closest && nameOf(event.target);
    if (!name) return;
    waiting.set(name, event.target.value);
    tell("writing", name);
    clearTimeout(timer);
    timer = setTimeout(keep, 1200);
  }, true);
  // Before a form is sent, so that its words come in before they are taken out again.
  const soon = () => { if (waiting.size) keep(); };
  document.addEventListener("focusout", soon, true);
  document.addEventListener("keydown", (event) => { if (event.key === "Enter") soon(); }, true);

  // Words that could not be kept, the session ended or the line lost, outlive a reload of this window alone and
  // only for whoever wrote them: kept now, then the page is drawn with them.
  const REST = "cmis.rest";
  addEventListener("pagehide", () => {
    if (left) return;
    try {
      if (!waiting.size) { sessionStorage.removeItem(REST); return; }
      sessionStorage.setItem(REST, JSON.stringify({ who, words: [...waiting] }));
    } catch { /* private window */ }
    keep(true);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) forgetRest(); });
  function forgetRest() { try { sessionStorage.removeItem(REST); } catch { /* private window */ } }
  async function bringBack() {
    let rest = null;
    try { rest = JSON.parse(sessionStorage.getItem(REST)); } catch { /* private window */ }
    forgetRest();
    if (!rest || rest.who !== who) return;
    const states = await Promise.all(rest.words.map(([name, text]) => put(name, text, false)));
    if (states.includes("kept")) { left = true; location.reload(); }
  }
  bringBack();

  // Pages left alone sign out, in every window at once; what was written is kept first.
  const ACTIVE = "cmis.active";
  const alive = () => { try { localStorage.setItem(ACTIVE, Date.now()); } catch { /* private window */ } };
  const since = () => Date.now() - Number(localStorage.getItem(ACTIVE) || Date.now());
  if (idleMs > 0) {
    alive();
    for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, alive, { passive: true, capture: true });
    setInterval(async () => {
      if (since() < idleMs) return;
      await keep();
      try { await fetch("/api/v1/logout", { method: "POST" }); } finally { location.replace(`/login?why=idle&to=${encodeURIComponent(location.pathname + location.search)}`); }
    }, Math.min(15000, idleMs / 4));
  }
})();
