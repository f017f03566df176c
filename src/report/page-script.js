/**
 * What a run's page does in the browser: it reads curves off where the pointer or the arrow keys point,
 * and, where it is live, takes in what its server sends until the run ends.
 */
(() => {
  "use strict";

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);

  /** Where a chart is read: its title and the share of its axis of epochs. */
  let reading;

  /** As src/report/ticks.ts writes values. */
  function valueText(value, notation) {
    if (notation === "share") return `${(value * 100).toFixed(1)}%`;
    if (notation === "bytes") {
      const [size, unit] = value >= 1e9 ? [1e9, "GB"] : [1e6, "MB"];
      return `${Number((value / size).toPrecision(3))} ${unit}`;
    }
    if (notation === "pace") {
      return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 2 });
    }
    if (value === 0) return "0";
    if (Math.abs(value) < 1e-4) return value.toExponential(1);
    return Math.abs(value) < 0.1 ? String(Number(value.toPrecision(3))) : value.toFixed(3);
  }

  /** The point of a curve that is nearest to a share of the axis: both coordinates from 0 to 1. */
  function nearest(curve, share) {
    let best;
    for (const { x, y } of curve.points) {
      if (best === undefined || Math.abs(x / 1000 - share) < Math.abs(best.x - share)) {
        best = { x: x / 1000, y: y / 1000 };
      }
    }
    return best;
  }

  function show(plot, share) {
    const { title, notation, low, high, epochs } = plot.dataset;
    const curves = [...plot.querySelectorAll("polyline")];
    const points = curves.map((curve) => ({ name: curve.dataset.name, ...nearest(curve, share) }));
    const at = points.reduce((best, point) =>
      Math.abs(point.x - share) < Math.abs(best.x - share) ? point : best,
    );
    reading = { title, share };
    let cross = plot.querySelector(".cross");
    if (cross === null) {
      cross = document.createElementNS("http://www.w3.org/2000/svg", "line");
      cross.setAttribute("class", "cross");
      cross.setAttribute("y1", "0");
      cross.setAttribute("y2", "100%");
      plot.append(cross);
    }
    cross.setAttribute("x1", `${at.x * 100}%`);
    cross.setAttribute("x2", `${at.x * 100}%`);
    const lines = [`epoch ${Number((at.x * Number(epochs)).toFixed(2))}`];
    for (const { name, x, y } of points) {
      // A curve that has no point near here says nothing of it.
      if (Math.abs(x - at.x) > 0.5 / Number(epochs)) continue;
      const value = Number(high) - y * (Number(high) - Number(low));
      const epoch = Number((x * Number(epochs)).toFixed(2));
      const elsewhere = Math.abs(x - at.x) * Number(epochs) > 0.05 ? ` (epoch ${epoch})` : "";
      lines.push(`${name} ${valueText(value, notation)}${elsewhere}`);
    }
    tip.replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })),
    );
    tip.hidden = false;
    const box = plot.getBoundingClientRect();
    const x = box.left + at.x * box.width;
    const left = x + 12 + tip.offsetWidth > innerWidth - 8 ? x - 12 - tip.offsetWidth : x + 12;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, box.top + 8)}px`;
  }

  function hide() {
    for (const cross of document.querySelectorAll(".cross")) cross.remove();
    tip.hidden = true;
    reading = undefined;
  }

  function plotOf(event) {
    return event.target instanceof Element ? event.target.closest("svg.plot") : null;
  }

  document.addEventListener("pointermove", (event) => {
    const plot = plotOf(event);
    if (plot === null) {
      if (reading !== undefined && !document.activeElement?.matches("svg.plot")) hide();
      return;
    }
    if (reading !== undefined && reading.title !== plot.dataset.title) hide();
    const { left, width } = plot.getBoundingClientRect();
    show(plot, Math.min(1, Math.max(0, (event.clientX - left) / width)));
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const plot = plotOf(event);
    if (plot === null) return;
    const at = reading?.title === plot.dataset.title ? reading.share : 1;
    const places = { ArrowLeft: at - 0.02, ArrowRight: at + 0.02, Home: 0, End: 1 };
    const share = places[event.key];
    if (share === undefined) return;
    event.preventDefault();
    show(plot, Math.min(1, Math.max(0, share)));
  });

  const run = document.body.dataset.live;
  if (run) follow(run);

  /** Takes in what the server sends. */
  function follow(run) {
    const shown = new Map();
    const events = new EventSource("events");
    events.addEventListener("hello", ({ data }) => {
      if (data === run) return say("", "");
      events.close();
      say(
        "lost",
        "The run of this page has ended, and another one is shown here: reload to see it.",
      );
    });
    events.addEventListener("region", ({ data }) => {
      const { name, html } = JSON.parse(data);
      if (shown.get(name) === html) return;
      shown.set(name, html);
      replace(document.querySelector(`[data-region="${name}"]`), html);
    });
    events.addEventListener("end", ({ data }) => {
      events.close();
      say("ended", JSON.parse(data));
    });
    events.addEventListener("error", () => {
      say(
        "lost",
        "The connection is lost: the run has ended, or its process cannot be reached. " +
          "What is shown is the last that it said.",
      );
    });
  }

  function say(kind, text) {
    const line = document.getElementById("connection");
    line.className = `connection ${kind}`;
    line.textContent = text;
    document.body.classList.toggle("lost", kind === "lost");
  }

  /** Replaces a part of the page, and keeps what its reader has done to it. */
  function replace(region, html) {
    const scrolled = [...region.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
    const open = [...region.querySelectorAll("details")].map((each) => each.open);
    const focused = region.contains(document.activeElement) ? document.activeElement : null;
    const place = focused
      ? [...region.querySelectorAll("[tabindex], summary")].indexOf(focused)
      : -1;
    const read = reading;
    region.innerHTML = html;
    region.querySelectorAll(".scroll").forEach((each, i) => (each.scrollLeft = scrolled[i] ?? 0));
    region.querySelectorAll("details").forEach((each, i) => (each.open = open[i] ?? false));
    region.querySelectorAll("[tabindex], summary")[place]?.focus({ preventScroll: true });
    if (read === undefined) return;
    const plots = [...region.querySelectorAll("svg.plot")];
    const plot = plots.find((each) => each.dataset.title === read.title);
    if (plot !== undefined) show(plot, read.share);
  }
})();
