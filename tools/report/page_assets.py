"""What every page has in common: its style and its script. Constants, so that the page's policy can name their hashes."""

STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#1d2330;--soft:#5b6474;--rule:#dfe2e8;--accent:#0b5cad;
--sure:#0b5cad;--maybe:#a4560a;--refused:#a3243b;--bar:#8fb8e0;--bar2:#e3b98a;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,
"DejaVu Sans Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14171d;--card:#1c212a;--ink:#e6e9ef;--soft:#a0a9b8;
--rule:#333b48;--accent:#7cb7f2;--sure:#7cb7f2;--maybe:#e5a45c;--refused:#f08a9b;--bar:#2f6299;--bar2:#8a5a22}}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:1160px;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:0 0 .25rem}
section{margin:2.75rem 0}
p{max-width:75ch;margin:.4rem 0}
.soft,td.soft{color:var(--soft)}
code,td.name,.sum{font-family:var(--mono);font-size:.86em}
td.name code{font-size:1em}
code,td{overflow-wrap:anywhere}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:1rem 0 0;padding:0}
dl.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.75rem;margin:1.25rem 0 0}
.tiles div{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.6rem .8rem}
.tiles dt{color:var(--soft);font-size:.82rem}
.tiles dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums}
.tiles dd small{display:block;font-size:.78rem;color:var(--soft)}
.filter{position:sticky;top:0;z-index:2;background:var(--paper);border-bottom:1px solid var(--rule);padding:.6rem 0;
margin-top:1.25rem}
.filter div{max-width:1160px;margin:0 auto;padding:0 1.25rem;display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center}
.filter input{font:inherit;flex:1 1 12rem;min-width:0;max-width:28rem;padding:.35rem .6rem;border:1px solid var(--soft);
border-radius:6px;background:var(--card);color:inherit}
.filter output{color:var(--soft);font-size:.88rem}
table{border-collapse:collapse;width:100%;margin:.9rem 0 0;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .7rem;border-bottom:1px solid var(--rule)}
th{font-weight:600;color:var(--soft);font-size:.82rem}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td small{display:block;color:var(--soft)}
td ul{margin:.2rem 0 .4rem;padding-left:1.1rem}
tr:target td{background:color-mix(in srgb,var(--accent) 14%,transparent)}
.tag{display:inline-block;font:.8em var(--mono);border:1px solid var(--sure);color:var(--sure);border-radius:99px;
padding:0 .55em;margin:.1rem .3rem .1rem 0}
.tag.maybe{border-style:dashed;border-color:var(--maybe);color:var(--maybe)}
.refused{color:var(--refused)}
details>summary{cursor:pointer;color:var(--accent);white-space:nowrap}
.picture{overflow-x:auto;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.75rem;margin-top:.9rem}
.picture svg{display:block;min-width:860px;width:100%;height:auto;max-width:1048px}
svg text{font:12px var(--mono);fill:var(--ink)}
svg text.more{fill:var(--soft);font-size:11px}
svg text.heading{font:600 13px system-ui,sans-serif;fill:var(--soft)}
svg rect{fill:var(--paper);stroke:var(--rule)}
svg .outside rect{stroke:var(--refused)}
svg .edge{fill:none;stroke:var(--sure);stroke-width:1.4;opacity:.75}
svg .edge.maybe{stroke:var(--maybe);stroke-dasharray:5 4}
svg .group:hover .edge,svg .group:focus-within .edge{stroke-width:3;opacity:1}
svg .group:hover rect,svg .group:focus-within rect{stroke:var(--accent)}
svg .dim{opacity:.18}
svg.bar{display:block;width:100%;min-width:80px;height:12px;margin-top:.35rem}
svg.bar rect{stroke:none;fill:var(--bar)}
svg.bar rect.data{fill:var(--bar2)}
.key{display:inline-block;width:2.2em;border-top:2px solid var(--sure);vertical-align:middle;margin-right:.4em}
.key.maybe{border-top:2px dashed var(--maybe)}
.square{display:inline-block;width:.8em;height:.8em;background:var(--bar);margin-right:.35em}
.square.data{background:var(--bar2)}
.none{color:var(--soft)}
footer{padding-bottom:3rem;color:var(--soft);font-size:.88rem}
@media (max-width:700px){header,main,footer,.filter div{padding-left:.9rem;padding-right:.9rem}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr:not([hidden]),td{display:block}
tr{border-bottom:1px solid var(--rule);padding:.4rem 0}
td,td.number{border:0;padding:.15rem 0;text-align:left;white-space:normal}
td[data-label]::before{content:attr(data-label);display:block;color:var(--soft);font:.75rem system-ui,sans-serif}
td:empty{display:none}}
@media print{body{font-size:10.5pt;background:#fff}.filter,nav{display:none}section{margin:1.6rem 0}tr,.tiles div{break-inside:avoid}
h2,h2+p,thead{break-after:avoid}.picture{overflow:visible;break-inside:avoid}.picture svg{min-width:0}
details::details-content{content-visibility:visible;block-size:auto}summary{list-style:none}}
"""

SCRIPT = """
"use strict";
(() => {
  const bar = document.querySelector(".filter");
  const field = bar.querySelector("input");
  const said = bar.querySelector("output");
  const rows = Array.from(document.querySelectorAll("tr[data-row]"), (row) => [row, row.textContent.toLowerCase()]);
  const boxes = Array.from(document.querySelectorAll(".picture .group"), (box) => [box, box.textContent.toLowerCase()]);
  const folded = document.querySelectorAll("details[data-rows]");
  const apply = () => {
    const words = field.value.toLowerCase().split(" ").filter((word) => word);
    const fits = (text) => words.every((word) => text.includes(word));
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = !fits(text);
      shown += row.hidden ? 0 : 1;
    }
    for (const [box, text] of boxes) box.classList.toggle("dim", !fits(text));
    if (words.length) for (const item of folded) item.open = true;
    said.textContent = words.length ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
  };
  const take = () => {
    if (!location.hash.startsWith("#q=")) return;
    try {
      field.value = decodeURIComponent(location.hash.slice(3));
    } catch {
      return;
    }
    apply();
  };
  field.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    apply();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === field || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
  addEventListener("hashchange", take);
  addEventListener("beforeprint", () => {
    for (const item of document.querySelectorAll("details")) item.open = true;
  });
  bar.hidden = false;
  apply();
  take();
})();
"""
