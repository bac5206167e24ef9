document.documentElement.classList.add("js");
for (const flame of document.querySelectorAll(".flame")) {
  const frames = [...flame.children].map((node) => ({
    node, x: parseFloat(node.getAttribute("x")), w: parseFloat(node.getAttribute("width")), y: +node.getAttribute("y"),
  }));
  let on = frames[0];
  const inside = (a, b) => a.x >= b.x - 1e-6 && a.x + a.w <= b.x + b.w + 1e-6;
  const zoom = (to) => {
    for (const f of frames) {
      const above = f.y < to.y && inside(to, f);
      f.node.setAttribute("x", above ? "0" : `${((f.x - to.x) / to.w) * 100}%`);
      f.node.setAttribute("width", above ? "100%" : `${(f.w / to.w) * 100}%`);
      f.node.toggleAttribute("hidden", !above && !(f.y >= to.y && inside(f, to)));
    }
  };
  const pick = (to) => {
    if (!to) return;
    on.node.removeAttribute("data-on");
    on = to;
    on.node.setAttribute("data-on", "");
    flame.setAttribute("aria-label", on.node.querySelector("title").textContent);
  };
  const row = (y) => frames.filter((f) => f.y === y && !f.node.hasAttribute("hidden"));
  const step = (by) => { const all = row(on.y); return all[all.indexOf(on) + by]; };
  const keys = {
    ArrowUp: () => pick(frames.find((f) => f.y < on.y && f.y >= on.y - 20 && inside(on, f))),
    ArrowDown: () => pick(frames.filter((f) => f.y > on.y && f.y <= on.y + 20 && inside(f, on)).sort((a, b) => b.w - a.w)[0]),
    ArrowLeft: () => pick(step(-1)),
    ArrowRight: () => pick(step(1)),
    Enter: () => zoom(on),
    Escape: () => { pick(frames[0]); zoom(frames[0]); },
  };
  flame.addEventListener("click", (event) => {
    const hit = frames.find((f) => f.node.contains(event.target));
    if (hit) { pick(hit); zoom(hit); }
  });
  flame.addEventListener("keydown", (event) => {
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
