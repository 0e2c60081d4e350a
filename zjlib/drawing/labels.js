// Labels are broken into lines that fit the narrowest screen; where there is room for it, a label is one line again.

function joined(layout, width) {
  const pen = document.createElement("canvas").getContext("2d");
  const annotations = (layout.annotations ?? []).map((label) => {
    if (!label.xref.endsWith("domain") || !label.text.includes("<br>")) return label;
    const text = label.text.replace(/(?<![\u2e80-\uffff])<br>(?![\u2e80-\uffff])/g, " ").replaceAll("<br>", "");
    pen.font = `${label.font.weight ?? 400} ${layout.font.size}px ${layout.font.family}`;
    return pen.measureText(text).width < width - 8 ? { ...label, text } : label;
  });
  return { ...layout, annotations };
}

