// A plotly figure that follows its model. `Plotly` is set before this text: see plot.py.

function render({ model, el }) {
  const plot = document.createElement("div");
  el.append(plot);
  const draw = () => {
    const { data, layout } = structuredClone(model.get("figure"));
    return Plotly.react(plot, data, layout, model.get("config"));
  };
  draw().then(() =>
    plot.on("plotly_click", ({ points }) => points[0].customdata && model.send({ clicked: points[0].customdata })),
  );
  model.on("change:figure", draw);

  // The first drawing comes before the page has given it a width.
  let width = 0;
  const watcher = new ResizeObserver(() => {
    if (el.clientWidth && el.clientWidth !== width) {
      width = el.clientWidth;
      Plotly.Plots.resize(plot);
    }
  });
  watcher.observe(el);

  return () => {
    watcher.disconnect();
    model.off("change:figure", draw);
    Plotly.purge(plot);
  };
}

export default { render };
