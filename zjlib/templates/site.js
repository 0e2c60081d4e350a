// Draws the charts when they come near the screen, saves them as pictures, and folds the tables that a reader can open.
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const config = { responsive: true, displayModeBar: false };
const printWidth = 820; // site.css sets it at 0.8 on paper
let printing = false;

// The house colours have their twins for a dark page; other greys are turned round, other colours stay what they mean.
function inverted(value) {
  if (typeof value === "string") {
    const twin = darkColours[value.toLowerCase()];
    if (twin) return twin;
    if (value.includes("color:")) return value.replace(/#[0-9a-f]{6}/gi, (c) => inverted(c));
    const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(value);
    const rgb = /^rgba?\((\d+),\s*(\d+),\s*(\d+)(.*)$/.exec(value);
    if (!hex && !rgb) return value === "white" ? "#16191d" : value === "black" ? "#eceef0" : value;
    const full = hex && (hex[1].length === 3 ? hex[1].replace(/./g, "$&$&") : hex[1]);
    const c = hex ? [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16)) : rgb.slice(1, 4).map(Number);
    if (Math.max(...c) - Math.min(...c) > 24) return value;
    const flipped = c.map((x) => Math.round(22 + (255 - x) * 0.85));
    return hex ? `rgb(${flipped.join(",")})` : `rgba(${flipped.join(",")}${rgb[4].startsWith(",") ? rgb[4] : ",1)"}`;
  }
  if (Array.isArray(value)) return value.map(inverted);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, inverted(v)]));
  return value;
}

function drawing(figure, width) {
  const text = figure.querySelector("script[type='application/json']").textContent;
  let { data, layout } = JSON.parse(text);
  const night = dark.matches && !printing;
  if (night) ({ data, layout } = inverted({ data, layout }));
  const font = { color: night ? "#e4e6e8" : "#333", ...layout.font, family: getComputedStyle(document.body).fontFamily };
  layout = { ...layout, autosize: true, font, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
  if (night) layout.font.color = "#e4e6e8";
  if (printing) layout.width = printWidth;
  return joined({ data, layout }, width);
}

async function draw(figure) {
  const { data, layout } = drawing(figure, printing ? printWidth : figure.clientWidth);
  const plot = figure.querySelector(".plot");
  const fresh = !figure.dataset.drawn;
  figure.dataset.drawn = "yes";
  if (layout.height) plot.style.height = `${layout.height}px`;
  await Plotly.react(plot, data, layout, config);
  if (fresh) leadToSentences(plot);
}

// A mark carries its figure's id and paragraph: the annotated report has that figure marked, or else the paragraph.
function passage(point) {
  const [id, paragraph] = point.customdata ?? [];
  const anchor = audit.marks.includes(id) ? id : paragraph && `p${paragraph}`;
  return audit.page && anchor && `${audit.page}#${anchor}`;
}

// A label as plain text, without the line breaks that only fit its names and its sentence into the label.
function plain(label) {
  const joined = (text) => text.replaceAll("<br>", /[\u2e80-\uffff]/.test(text) ? "" : " ");
  const [facts, ...rest] = label.split("<br><br>");
  const html = [facts.replace(/<b>.*?<\/b>/g, joined), ...rest.map(joined)].join("<br>").replaceAll("<br>", "\n");
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}

// Where there is no room or no mouse for plotly's label (site.css), the line under the chart says it and has the link.
function leadToSentences(plot) {
  const said = plot.parentElement.querySelector(".said");
  const link = document.createElement("a");
  link.textContent = said.dataset.link;
  const tell = ({ points: [point] }) => {
    const target = passage(point);
    plot.classList.toggle("leads", Boolean(target));
    said.textContent = plain(String(point.hovertext ?? point.text ?? ""));
    link.href = target;
    if (target) said.append(" ", link);
    return target;
  };
  plot.on("plotly_hover", tell);
  plot.on("plotly_unhover", () => plot.classList.remove("leads"));
  plot.on("plotly_click", (event) => {
    const target = tell(event);
    if (target && !said.checkVisibility()) location.href = target;
  });
}

function start() {
  const figures = [...document.querySelectorAll("figure.chart")];
  const watch = new IntersectionObserver(
    (seen) => seen.filter((e) => e.isIntersecting).forEach((e) => { watch.unobserve(e.target); draw(e.target); }),
    { rootMargin: "600px" },
  );
  figures.forEach((f) => watch.observe(f));
  const again = () => figures.filter((f) => f.dataset.drawn).forEach(draw);
  dark.addEventListener("change", again);
  let settled;
  addEventListener("resize", () => { clearTimeout(settled); settled = setTimeout(again, 200); });
  for (const [event, paper] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => { printing = paper; figures.forEach(draw); });
  }
  document.addEventListener("click", ({ target }) => target.dataset?.save && save(target.closest("figure"), target.dataset.save));
}

// A picture has the words around the chart in it: title and subtitle above, source and note below.
function save(figure, format) {
  const width = Math.max(figure.clientWidth, 640);
  const { data, layout } = drawing(figure, width);
  const edge = 14;
  const words = (selector, size, weight) => {
    const font = `${weight} ${size}px ${layout.font.family}`;
    const texts = [...figure.querySelectorAll(selector)].map((element) => element.textContent);
    const lines = texts.flatMap((text) => wrapped(text, font, width - 2 * edge));
    const text = lines.join("\n").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\n/g, "<br>");
    return { text, font: { size, weight }, height: lines.length * size * 1.3 + 4 };
  };
  const [title, subtitle, foot] = [words("h3", 17, 700), words(".subtitle", 13, 400), words(".under p", 11, 400)];
  const [above, below] = [edge + title.height + subtitle.height, foot.height + edge];
  const { l = 80, r = 80, t = 100, b = 80 } = layout.margin ?? {};
  const placed = ({ text, font }, y, yshift) => ({
    text, font, y, yshift, x: 0, xshift: -l, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top", align: "left", showarrow: false, borderpad: 0,
  });
  const written = [placed(title, 1, t + above - edge), placed(subtitle, 1, t + above - edge - title.height), placed(foot, 0, -b)];
  const height = (layout.height ?? 420) + above + below;
  const picture = {
    ...layout, width, height, margin: { ...layout.margin, l: l + edge, r: r + edge, t: t + above, b: b + below },
    annotations: [...(layout.annotations ?? []), ...written], paper_bgcolor: dark.matches ? "#16191d" : "white",
  };
  return Plotly.downloadImage({ data, layout: picture }, { format, filename: figure.id, width, height, scale: format === "png" ? 2 : 1 });
}

// A text in lines no wider than `width`; Chinese breaks between any two characters.
function wrapped(text, font, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [""];
  for (const piece of text.trim().match(/[“《（]*[\u2e80-\uffff][，。；：、”》）]*|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? []) {
    if (lines.at(-1) && pen.measureText(lines.at(-1) + piece.trimEnd()).width > width) lines.push("");
    lines[lines.length - 1] += piece;
  }
  return lines;
}

function unfold(open) {
  document.querySelectorAll("details.data").forEach((d) => { d.open = open; });
}

document.documentElement.classList.add("js");
unfold(false);
addEventListener("beforeprint", () => unfold(true));
addEventListener("afterprint", () => unfold(false));
if (typeof zjlibRun !== "undefined") {
  for (const place of document.querySelectorAll("[data-run=when]")) {
    const days = (Date.now() - Date.parse(zjlibRun.started)) / 864e5;
    const ago = days < 1 ? when.today : days < 2 ? when.yesterday : when.days.replace("{}", Math.floor(days));
    place.textContent = when.refreshed.replace("{date}", zjlibRun.started.slice(0, 10)).replace("{ago}", ago);
  }
}
if (document.querySelector("figure.chart")) {
  if (document.readyState === "complete" || typeof Plotly !== "undefined") start();
  else addEventListener("DOMContentLoaded", start);
}
