/**
 * What the pages of specs do by themselves: enlarge and move their pictures, and search the table of the index.
 * Without it, everything is there and can be read.
 */
export const pagesScript = `
for (const diagram of document.querySelectorAll(".diagram")) {
  const shown = () => [...diagram.querySelectorAll(".canvas")].find((each) => each.clientWidth > 0);
  const scales = new Map();
  const resize = (canvas, scale, x, y) => {
    const svg = canvas.querySelector("svg");
    const whole = Number(svg.getAttribute("width"));
    const before = svg.getBoundingClientRect().width;
    const least = Math.min(1, canvas.clientWidth / whole) / 2;
    const kept = Math.min(4, Math.max(least, scale));
    scales.set(canvas, kept);
    canvas.classList.add("free");
    svg.style.width = whole * kept + "px";
    // What is under the pointer stays there.
    const ratio = (whole * kept) / before;
    canvas.scrollLeft = (canvas.scrollLeft + x) * ratio - x;
    canvas.scrollTop = (canvas.scrollTop + y) * ratio - y;
  };
  const scaleOf = (canvas) => {
    const svg = canvas.querySelector("svg");
    return scales.get(canvas) ?? svg.getBoundingClientRect().width / Number(svg.getAttribute("width"));
  };
  const steps = {
    in: (canvas) => resize(canvas, scaleOf(canvas) * 1.3, canvas.clientWidth / 2, 0),
    out: (canvas) => resize(canvas, scaleOf(canvas) / 1.3, canvas.clientWidth / 2, 0),
    fit: (canvas) => {
      scales.delete(canvas);
      canvas.classList.remove("free");
      canvas.querySelector("svg").style.width = "";
    },
  };
  diagram.addEventListener("click", (event) => {
    const step = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (step !== undefined) steps[step](shown());
  });
  for (const canvas of diagram.querySelectorAll(".canvas")) {
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = canvas.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY / 400);
      resize(canvas, scaleOf(canvas) * factor, event.clientX - left, event.clientY - top);
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      const start = { x: event.clientX, y: event.clientY, left: canvas.scrollLeft, top: canvas.scrollTop };
      const move = (moved) => {
        canvas.classList.add("held");
        canvas.scrollLeft = start.left - (moved.clientX - start.x);
        canvas.scrollTop = start.top - (moved.clientY - start.y);
      };
      const end = () => {
        canvas.classList.remove("held");
        removeEventListener("pointermove", move);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end, { once: true });
    });
  }
}

const search = document.getElementById("search");
if (search !== null) {
  const rows = [...document.querySelectorAll("table.networks tbody tr")];
  const found = document.getElementById("found");
  const show = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) count++;
    }
    found.textContent = words.length === 0 ? rows.length + (rows.length === 1 ? " network" : " networks") : count + " of " + rows.length;
  };
  search.addEventListener("input", show);
  show();
}
`;
