// Labels are broken into lines that fit the narrowest screen. Where there is room for it, a label of ours is one line again,
// and what stands below it moves up.

function joined({ data, layout }, width) {
  if (!layout.meta?.marks) return { data, layout };
  const pen = document.createElement("canvas").getContext("2d");
  const gone = {}; // the lines that are, for each vertical axis: where, and how many pixels
  const annotations = (layout.annotations ?? []).map((label) => {
    if (!label.xref.endsWith("domain") || !label.text.includes("<br>")) return label;
    const text = label.text.replace(/(?<![\u2e80-\uffff])<br>(?![\u2e80-\uffff])/g, " ").replaceAll("<br>", "");
    pen.font = `${label.font.weight ?? 400} ${layout.font.size}px ${layout.font.family}`;
    if (pen.measureText(text).width >= width - 8) return label;
    (gone[label.yref] ??= []).push({ y: label.y, pixels: (label.text.split("<br>").length - 1) * (layout.font.size + 5) });
    return { ...label, text };
  });
  return Object.keys(gone).length ? closed(data, { ...layout, annotations }, gone) : { data, layout };
}

// The vertical axes of a chart count in pixels from the top of their panels; a chart stays as tall as its tallest hover.
function closed(data, layout, gone) {
  const up = (axis, y) => (gone[axis] ?? []).reduce((left, line) => (line.y <= y ? left - line.pixels : left), y);
  const moved = (item, axis, ...keys) => ({ ...item, ...Object.fromEntries(keys.map((key) => [key, up(axis, item[key])])) });

  let cut = 0; // of the whole height
  const panels = Object.keys(layout).filter((key) => key.startsWith("yaxis")).sort((one, other) => layout[other].domain[1] - layout[one].domain[1]);
  const axes = panels.map((key) => {
    const { domain: [low, high], range: [end] } = layout[key];
    const range = [up(key.replace("axis", ""), end), 0];
    const domain = [low + cut + (high - low) * (1 - range[0] / end), high + cut];
    cut = domain[0] - low;
    return [key, { ...layout[key], range, domain }];
  });
  for (const [, axis] of axes) axis.domain = axis.domain.map((edge) => 1 - (1 - edge) / (1 - cut));

  const { t, b } = layout.margin;
  const hovers = data.flatMap((trace) => trace.hovertext ?? []).map((text) => 16 * text.split("<br>").length + 12);
  const height = Math.max((layout.height - t - b) * (1 - cut), ...hovers) + t + b;
  const title = layout.title && { ...layout.title, y: 1 - ((1 - layout.title.y) * layout.height) / height };
  return {
    data: data.map((trace) => ({ ...trace, y: trace.y.map((y) => up(trace.yaxis ?? "y", y)) })),
    layout: {
      ...layout, ...Object.fromEntries(axes), height, ...(title && { title }),
      annotations: layout.annotations.map((label) => moved(label, label.yref, "y")),
      shapes: (layout.shapes ?? []).map((shape) => (shape.path ? shape : moved(shape, shape.yref, "y0", "y1"))),
    },
  };
}

