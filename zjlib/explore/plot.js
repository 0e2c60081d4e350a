// A plotly figure that follows its model. `Plotly` is set before this text: see plot.py.

function save(name, href) {
  const link = Object.assign(document.createElement("a"), { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

function render({ model, el }) {
  const plot = document.createElement("div");
  el.append(plot);
  const figure = () => structuredClone(model.get("figure"));
  const draw = () => {
    const { data, layout } = joined(figure(), el.clientWidth);
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", layout.meta?.alt ?? "");
    return Plotly.react(plot, data, layout, { displayModeBar: false });
  };
  draw().then(() =>
    plot.on("plotly_click", ({ points }) => points[0].customdata && model.send({ clicked: points[0].customdata })),
  );
  model.on("change:figure", draw);

  const heard = async ({ file, picture, copied }, buffers) => {
    if (file) {
      const address = URL.createObjectURL(new Blob(buffers));
      save(file, address);
      URL.revokeObjectURL(address);
    } else if (picture) {
      const { data, layout } = figure();
      const whole = { ...layout, ...structuredClone(model.get("words")) };
      const size = { format: "png", scale: 2, width: 900 };
      const drawn = joined({ data, layout: whole }, size.width);
      save(picture, await Plotly.toImage(drawn, { ...size, height: drawn.layout.height }));
    } else if (copied) {
      await navigator.clipboard.writeText(copied);
    }
  };
  model.on("msg:custom", heard);

  // The first drawing comes before the page has given it a width.
  let width = 0;
  const watcher = new ResizeObserver(() => {
    if (el.clientWidth && el.clientWidth !== width) {
      width = el.clientWidth;
      draw().then(() => Plotly.Plots.resize(plot));
    }
  });
  watcher.observe(el);

  return () => {
    watcher.disconnect();
    model.off("change:figure", draw);
    model.off("msg:custom", heard);
    Plotly.purge(plot);
  };
}

export default { render };
