"use strict";
// Shows the values under the pointer. The curves themselves are drawn without it.
for (const plot of document.querySelectorAll(".plot")) {
  const data = JSON.parse(plot.parentNode.querySelector("script").textContent);
  const cross = document.createElement("div"), tip = document.createElement("div");
  cross.className = "cross"; tip.className = "tip"; cross.hidden = tip.hidden = true;
  plot.append(cross, tip);

  const nearest = (xs, x) => {
    let low = 0, high = xs.length - 1;
    while (high - low > 1) { const middle = (low + high) >> 1; if (xs[middle] < x) low = middle; else high = middle; }
    return Math.abs(xs[low] - x) <= Math.abs(xs[high] - x) ? low : high;
  };
  const text = y => data.percent ? (100 * y).toFixed(1) + " %"
    : y !== 0 && (Math.abs(y) < 0.01 || Math.abs(y) >= 1e6) ? y.toExponential(2)
    : Math.abs(y) >= 1000 ? Math.round(y).toLocaleString("en") : y.toPrecision(5);

  const show = event => {
    const box = plot.getBoundingClientRect(), at = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const drawn = data.series.filter(series => series.x.length > 0);
    if (drawn.length === 0) return;
    const wanted = data.from + at * (data.to - data.from), step = drawn[0].x[nearest(drawn[0].x, wanted)];
    tip.replaceChildren();
    const head = document.createElement("b");
    head.textContent = "step " + step.toLocaleString("en");
    tip.append(head);
    for (const series of drawn) {
      const i = nearest(series.x, wanted), row = document.createElement("div"), dot = document.createElement("i");
      dot.style.background = "var(--c" + series.c + ")";
      const where = series.x[i] === step ? "" : " at " + series.x[i].toLocaleString("en");
      row.append(dot, series.n + where + ": " + text(series.y[i]));
      tip.append(row);
    }
    cross.hidden = tip.hidden = false;
    const left = (step - data.from) / (data.to - data.from) * box.width;
    cross.style.left = left + "px";
    tip.style.left = (left + tip.offsetWidth + 14 > box.width ? Math.max(0, left - tip.offsetWidth - 12) : left + 12) + "px";
  };
  plot.addEventListener("pointermove", show);
  plot.addEventListener("pointerdown", show);
  plot.addEventListener("pointerleave", () => { cross.hidden = tip.hidden = true; });
}
