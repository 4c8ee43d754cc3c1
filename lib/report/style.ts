const SHARED = `
--c0:#1f5fa8;--c1:#a85400;--c2:#5b3b99;--ink:#1b2330;--quiet:#566073;--rule:#d5dae2;--paper:#fff;--card:#f4f6f9;--link:#1f5fa8`

const DARK = `
--c0:#7cb4f2;--c1:#f0a55c;--c2:#c0a4f5;--ink:#e8ecf2;--quiet:#a7b0c0;--rule:#39424f;--paper:#12161c;--card:#1b212a;--link:#8fc0f7`

/** The page's one style sheet. Paper is always light, and shows the tables that a screen folds away. */
export const STYLE = `
:root{${SHARED};color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
@media (forced-colors:active){:root{--ink:CanvasText;--quiet:CanvasText;--rule:GrayText;--paper:Canvas;--card:Canvas;--link:LinkText}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:50rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 1rem}
h2{font-size:1.35rem;line-height:1.25;margin:3rem 0 .5rem;padding-top:.75rem;border-top:2px solid var(--ink)}
h3{font-size:1.05rem;line-height:1.3;margin:0 0 .25rem}
p{margin:0 0 .5rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.kind,.method,dt,.key-figures span{color:var(--quiet)}
.kind{margin:0}
.method{font-size:.925rem}
dl{margin:0}
dd{margin:0}
.facts{display:grid;grid-template-columns:repeat(3,1fr);gap:.5rem 1.25rem;font-size:.9rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1.25rem 0 0;padding:.75rem 0;border:solid var(--rule);border-width:1px 0;font-size:.925rem}
.key-figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(13.5rem,1fr));gap:.75rem;margin-top:1rem}
.key-figures div{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:.75rem 1rem}
.key-figures dt,.key-figures span{font-size:.85rem}
.key-figures strong{display:block;font-size:1.3rem;line-height:1.35;font-variant-numeric:tabular-nums}
.notes{padding-left:1.25rem;margin:.75rem 0}
.notes li{margin:.25rem 0}
figure{margin:1.5rem 0 2rem}
.chart{display:block;width:100%;height:auto;margin:.75rem 0;overflow:visible;font-size:12px}
.narrow{display:none}
.defs{position:absolute}
.chart text{fill:var(--ink)}
.chart .quiet{fill:var(--quiet)}
.end{text-anchor:end}
.middle{text-anchor:middle}
.halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--rule)}
.zero{stroke:var(--quiet)}
.reference{stroke:var(--quiet);stroke-dasharray:2 3;fill:none}
.line{fill:none;stroke-width:2;stroke-linejoin:round}
.l0{stroke:var(--c0)}
.l1{stroke:var(--c1);stroke-dasharray:7 4}
.l2{stroke:var(--c2);stroke-dasharray:2 3}
.mark{stroke:var(--paper);stroke-width:1}
.left{stroke:var(--c0);stroke-width:2}
.c0{fill:var(--c0)}
.c1{fill:var(--c1)}
.c2{fill:var(--c2)}
.gap{fill:var(--paper)}
.box{stroke-width:1}
.b0{fill:var(--c0);stroke:var(--c0)}
.b1{fill:url(#fill1);stroke:var(--c1)}
.b2{fill:url(#fill2);stroke:var(--c2)}
summary{cursor:pointer;color:var(--link);font-size:.925rem;padding:.25rem 0}
.scroll{overflow-x:auto;margin:.5rem 0 1.25rem}
table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
caption{text-align:left;font-weight:600;padding:.25rem 0 .5rem}
caption span{display:inline-block;position:sticky;left:0;max-width:calc(100vw - 2rem)}
th,td{padding:.3rem .6rem;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule);white-space:nowrap}
thead th{vertical-align:bottom;white-space:normal;border-bottom:1px solid var(--quiet)}
th:first-child{text-align:left;padding-left:0}
tbody th{font-weight:400;white-space:normal;overflow-wrap:anywhere;min-width:8rem;background:var(--paper);position:sticky;left:0}
sup{line-height:0}
@media screen and (max-width:42rem){
body{padding:1.25rem 1rem 3rem}
h1{font-size:1.5rem}
.facts{grid-template-columns:repeat(2,1fr)}
.wide{display:none}
.narrow{display:block}
.key-figures{grid-template-columns:1fr;gap:.5rem}
.key-figures div{padding:.5rem .75rem}
}
@media print{
@page{margin:16mm 14mm}
body{max-width:none;padding:0;font-size:10.5pt}
nav,summary{display:none}
h2{margin-top:1.5rem;font-size:14pt}
.method{font-size:9.5pt}
figure{margin:1rem 0}
.chart{max-width:155mm}
details::details-content{content-visibility:visible;block-size:auto}
h1,h2,h3,.method,figcaption{break-after:avoid}
.method,figcaption,.chart,tr,.key-figures div{break-inside:avoid}
.key-figures strong{font-size:1.15rem}
.scroll{overflow:visible}
table{font-size:7.5pt}
th,td{padding:.15rem .3rem}
caption span,tbody th{position:static}
a{color:inherit;text-decoration:none}
}
`
