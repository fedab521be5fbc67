// Chart frames: the engine is fetched only where a chart is in sight; the same figures as a table,
// as a picture, as a CSV file.
(() => {
  "use strict";
  const { eachMatching } = window.shell;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  // light-dark() is resolved by the browser on a real property only.
  const probe = document.createElement("span");
  function colour(name) {
    probe.hidden = true;
    if (!probe.isConnected) document.body.append(probe);
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }
  function resolve(value) {
    if (typeof value === "string" && value.startsWith("token:")) return colour(value.slice(6));
    if (Array.isArray(value)) return value.map(resolve);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v)]));
    }
    return value;
  }

  let engine = null;
  function load(url) {
    engine ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = () => done(window.echarts);
      script.onerror = failed;
      document.head.append(script);
    });
    return engine;
  }

  function base() {
    const axis = {
      axisLine: { lineStyle: { color: colour("line-strong") } },
      axisTick: { show: false },
      axisLabel: { color: colour("ink-3"), fontSize: 12 },
      splitLine: { lineStyle: { color: colour("grid-line") } },
      nameTextStyle: { color: colour("ink-3") },
    };
    return {
      color: ["marketing", "sales", "shared", "stage-mql", "stage-sql", "paused"].map(colour),
      textStyle: { fontFamily: token("font"), color: colour("ink-2"), fontSize: 12 },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: { ...axis, axisLine: { show: false } },
      timeAxis: axis,
      tooltip: {
        backgroundColor: colour("raised"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 12 },
      },
      legend: { textStyle: { color: colour("ink-2") } },
      bar: { label: { color: colour("ink-2") } },
    };
  }

  const drawn = new Map();
  function draw(frame, echarts) {
    const canvas = frame.querySelector("[data-chart-canvas]");
    const option = JSON.parse(document.getElementById(`${frame.id}-option`).textContent);
    drawn.get(frame)?.dispose();
    canvas.textContent = "";
    const chart = echarts.init(canvas, base(), { renderer: "canvas" });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption({
      animation: !still, animationDuration: 150, grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
      ...resolve(option),
    });
    drawn.set(frame, chart);
  }
  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      sight.unobserve(entry.target);
      load(entry.target.dataset.engine).then(
        (echarts) => draw(entry.target, echarts),
        () => toggle(entry.target, true),
      );
    }
  }, { rootMargin: "200px" });
  eachMatching("[data-chart]", (frame) => {
    if (frame.querySelector("[data-chart-canvas]")) sight.observe(frame);
  });
  new ResizeObserver(() => drawn.forEach((chart) => chart.resize())).observe(document.body);
  new MutationObserver(() => {
    drawn.forEach((_, frame) => { if (frame.isConnected) draw(frame, window.echarts); else drawn.delete(frame); });
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });

  function toggle(frame, table) {
    const button = frame.querySelector("[data-chart-table]");
    if (!button) return; // its table stands below anyway
    button.setAttribute("aria-pressed", String(table));
    frame.querySelector("[data-chart-canvas]").hidden = table;
    frame.querySelector("[data-chart-rows]").classList.toggle("visually-hidden", !table);
    if (!table) drawn.get(frame)?.resize();
  }
  function save(name, url) {
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
  }
  function csv(frame) {
    const safe = (text) => (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text);
    const cell = (text) => `"${safe(text).replaceAll('"', '""')}"`;
    const lines = [...frame.querySelectorAll("[data-chart-rows] tr")].map((row) =>
      [...row.cells].map((each) => cell(each.textContent.trim())).join(","));
    return `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${lines.join("\r\n")}\r\n`)}`;
  }
  document.addEventListener("click", (event) => {
    const frame = event.target.closest?.("[data-chart]");
    if (!frame) return;
    const switcher = event.target.closest("[data-chart-table]");
    if (switcher) toggle(frame, switcher.getAttribute("aria-pressed") !== "true");
    const wanted = event.target.closest("[data-chart-download]")?.dataset.chartDownload;
    if (wanted === "csv") save(`${frame.id}.csv`, csv(frame));
    if (wanted === "png" && drawn.has(frame)) {
      save(`${frame.id}.png`, drawn.get(frame).getDataURL({ pixelRatio: 2, backgroundColor: colour("card") }));
    }
  });
})();
