// What colleagues change shows by itself: one stream a window; what it tells of presses the hidden buttons
// (ui/live.py) of the parts drawn from it. While it is lost, those parts read anew by their own timer.
(() => {
  if (window.cmisLive) return;
  const live = window.cmisLive = { open: false };
  const STREAM = "/api/v1/desk/events", KINDS = ["case", "notice"];
  const GATHER_MS = 300, APART_MS = 3000, BUSY_MS = 150, LOOK_MS = 1000;
  const FIRST_BACK_MS = 2000, LAST_BACK_MS = 60000, STEADY_MS = 30000;
  let stream = null, since = 0, losses = 0, notBefore = 0, missed = false, turn = 0, turnAt = 0, held = false;
  const due = new Set(), pressed = new Map();

  const parts = (kind) => [...document.querySelectorAll(`[class*="st-key-live_"][class*="_${kind}"]`)];
  const name = (part) => [...part.classList].find((word) => word.startsWith("st-key-live_"));
  const atRest = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.getAttribute("data-test-script-state") === "notRunning";
  };
  const waits = (key) => Math.max(0, (pressed.get(key) ?? -APART_MS) + APART_MS - performance.now());

  function plan(wait) {
    const at = performance.now() + wait;
    if (turn && turnAt <= at) return;
    clearTimeout(turn);
    turnAt = at;
    turn = setTimeout(press, wait);
  }
  // Never while a button is held down or the page is drawn: what is pressed then might be replaced.
  // One part at a time, the same part at most every three seconds.
  function press() {
    turn = 0;
    const key = [...due].find((one) => !waits(one));
    if (key && (held || !atRest())) { plan(BUSY_MS); return; }
    if (key) {
      due.delete(key);
      pressed.set(key, performance.now());
      document.querySelector(`.${key} button`)?.click();
    }
    if (due.size) plan(Math.max(BUSY_MS, Math.min(...[...due].map(waits))));
  }
  function show(kind) {
    for (const part of parts(kind)) due.add(name(part));
    if (due.size) plan(GATHER_MS);
  }

  function close() {
    if (stream) stream.close();
    stream = null;
    live.open = false;
  }
  function lost() {
    losses = performance.now() - since > STEADY_MS ? 1 : losses + 1;
    const back = Math.min(LAST_BACK_MS, FIRST_BACK_MS * 2 ** (losses - 1));
    notBefore = performance.now() + back * (0.5 + Math.random() / 2); // not all windows at once
    missed = true;
    close();
  }
  function look() {
    if (stream || document.hidden || performance.now() < notBefore || !KINDS.some((k) => parts(k).length)) return;
    since = performance.now();
    stream = new EventSource(STREAM);
    stream.onopen = () => {
      live.open = true;
      if (missed) KINDS.forEach(show);
      missed = false;
    };
    stream.onerror = lost;
    for (const kind of KINDS) stream.addEventListener(kind, () => show(kind));
  }

  const hold = () => { held = true; };
  const release = () => setTimeout(() => { held = false; }, GATHER_MS);
  document.addEventListener("pointerdown", hold, true);
  for (const kind of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(kind, release, true);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { missed = true; close(); } else { notBefore = 0; look(); }
  });
  addEventListener("pagehide", close);
  setInterval(look, LOOK_MS);
  look();
})();
