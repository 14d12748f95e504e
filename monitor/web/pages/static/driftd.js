// Charts over the columns of a table: each value stands under the cells of its window. Nothing here makes elements of text.
"use strict";
(() => {
  const HEIGHT = 84;
  const sheet = getComputedStyle(document.documentElement);
  const colour = (name) => sheet.getPropertyValue(name).trim();
  const charts = [];

  // What lies behind the values: where windows usually lie, and the limit.
  function ground(told) {
    return (u) => {
      const { ctx, bbox } = u;
      const across = (value) => u.valToPos(value, "y", true);
      ctx.save();
      if (told.band) {
        const high = across(told.band[1]);
        ctx.fillStyle = colour("--band");
        ctx.fillRect(bbox.left, high, bbox.width, Math.max(across(told.band[0]) - high, 2));
      }
      if (told.limit !== null) {
        ctx.strokeStyle = colour("--text");
        ctx.setLineDash([6, 4]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, across(told.limit));
        ctx.lineTo(bbox.left + bbox.width, across(told.limit));
        ctx.stroke();
      }
      ctx.restore();
    };
  }

  function drawn(plot, times) {
    const told = JSON.parse(plot.dataset.chart);
    const said = plot.closest("tr").querySelector("output");
    const newest = said.textContent;
    const bars = uPlot.paths.bars({ size: [0.7, 40], align: 0 });
    const line = { label: "", stroke: colour("--link"), width: 2, spanGaps: false, points: { size: 4 } };
    const series = [{}, told.bars ? { label: "", fill: colour("--base"), paths: bars, points: { show: false } } : line];
    const data = [told.values.map((_, i) => i + 0.5), told.values];
    if (told.more.length) {
      series.push({ label: "", fill: colour("--now"), paths: bars, points: { show: false } });
      data.push(told.more);
    }
    const hover = (u) => {
      const at = u.cursor.idx;
      said.textContent = at === null || at === undefined || u.cursor.left < 0 ? newest : `${times[at]}: ${told.texts[at]}`;
    };
    const none = { show: false };
    return new uPlot({
      width: plot.clientWidth,
      height: HEIGHT,
      padding: [2, 0, 2, 0],
      legend: none,
      axes: [none, none],
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: "windows" }, points: none },
      scales: { x: { time: false, range: [0, told.values.length] }, y: { range: told.range } },
      series,
      hooks: { drawAxes: [ground(told)], setCursor: [hover] },
    }, data, plot);
  }

  function start() {
    for (const plot of document.querySelectorAll("[data-chart]")) {
      const times = JSON.parse(plot.closest("table").dataset.times);
      const one = { plot, times, made: drawn(plot, times) };
      charts.push(one);
      new ResizeObserver(() => one.made.setSize({ width: plot.clientWidth, height: HEIGHT })).observe(plot);
    }
    for (const region of document.querySelectorAll(".newest")) region.scrollLeft = region.scrollWidth;
  }

  function again() {
    for (const one of charts) {
      one.made.destroy();
      one.made = drawn(one.plot, one.times);
    }
  }

  document.addEventListener("DOMContentLoaded", start);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
})();
