/**
 * How the page looks: one column, light or dark as the system is, and on paper.
 *
 * @module
 */
import { Html } from "./markup.ts";

const dark = `
--page:#14171b;--card:#1c2127;--ink:#eceae5;--soft:#a9b2bc;--rule:#343b44;
--good:#62c796;--pale:#21392e;--bad:#f2917a;--faint:#40261f;
--new:#6db3ee;--changed:#d9b650;--gone:#f2917a;--on:#14171b;--gap:#262c33;
color-scheme:dark`;

/** The style sheet. Nothing in it comes from data. */
export const STYLE: Html = new Html(`
:root{
--page:#f7f5f1;--card:#fff;--ink:#1e252c;--soft:#56616b;--rule:#dedad2;
--good:#1a7450;--pale:#dcefe4;--bad:#b03a24;--faint:#fbe5df;
--new:#1f6fb2;--changed:#b8860b;--gone:#b03a24;--on:#fff;--gap:#eeebe4;
color-scheme:light}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,main,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.02em;margin:0}
h2{font-size:1.2rem;line-height:1.3;letter-spacing:-.01em;margin:0 0 .35rem}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
p{margin:.35rem 0 .8rem;max-width:44rem}
.soft,footer,caption,figcaption{color:var(--soft)}
section,section>*,.charts>*{min-width:0}
section{background:var(--card);border:1px solid var(--rule);border-radius:14px;
padding:1.25rem 1.4rem;margin:1.1rem 0;break-inside:avoid}
.verdict{border-left:6px solid var(--good)}
.verdict.bad{border-left-color:var(--bad)}
.verdict ul{margin:.4rem 0 0;padding-left:1.2rem}
.sign{display:inline-block;width:1.55rem;height:1.55rem;margin-right:.55rem;border-radius:50%;
background:var(--good);color:var(--on);text-align:center;line-height:1.55rem;font-size:1rem;font-weight:700}
.bad .sign{background:var(--bad)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1rem 1.4rem;
margin:1.2rem 0 0}
.figures div{border-top:1px solid var(--rule);padding-top:.6rem}
dt{color:var(--soft);font-size:.85rem}
dd{margin:0}
dd strong{display:block;font-size:1.35rem;line-height:1.3;letter-spacing:-.01em}
dd span{color:var(--soft);font-size:.85rem}
.months{display:grid;align-items:start;grid-template-columns:repeat(auto-fill,minmax(12.5rem,1fr));gap:1.2rem 1.6rem;
margin:1rem 0 .4rem}
.month{width:100%;max-width:19rem;table-layout:fixed;border-collapse:separate;border-spacing:3px;font-size:.78rem;
break-inside:avoid}
.month caption{text-align:left;font-weight:600;color:var(--ink);padding:0 3px .2rem;font-size:.9rem}
.month th{padding:0;color:var(--soft);font-weight:400;text-align:center}
.month abbr{text-decoration:none}
.day{padding:0;height:1.75rem;border-radius:6px;text-align:center;vertical-align:middle;position:relative;
color:var(--soft);font-variant-numeric:tabular-nums;border:1px solid transparent}
.verified{background:var(--good);color:var(--on);font-weight:600}
.unverified{background:var(--pale);color:var(--ink)}
.failed{background:var(--faint);color:var(--bad);border-color:var(--bad);text-decoration:line-through}
.missing{border:1px dashed var(--soft)}
.packed::after{content:"";position:absolute;left:28%;right:28%;bottom:3px;height:2px;border-radius:1px;
background:currentColor}
.loss{box-shadow:0 0 0 2px var(--card),0 0 0 4px var(--bad)}
.loss::before{content:"!";position:absolute;top:-.5rem;right:-.45rem;width:.95rem;height:.95rem;border-radius:50%;
background:var(--bad);color:var(--on);font-size:.7rem;line-height:.95rem;font-weight:700;z-index:1}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.7rem 1.4rem;margin:1rem 0 0;padding:0;font-size:.85rem;
color:var(--soft)}
.legend li{display:flex;align-items:center;gap:.5rem}
.legend .day{display:inline-block;width:1.75rem;line-height:1.65rem;font-size:.78rem}
.key{width:.8rem;height:.8rem;border-radius:3px;flex:none}
.key.new{background:var(--new)}.key.changed{background:var(--changed)}.key.gone{background:var(--gone)}
.key.pale{background:var(--soft);opacity:.5}
.key.bar{width:2px;height:1rem;border-radius:0;background:var(--bad)}
.key.hole{background:var(--gap);border:1px solid var(--rule)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:.4rem 2rem}
.chart{display:grid;grid-template-columns:auto 1fr;margin:.9rem .6rem .3rem 0;font-size:.78rem;color:var(--soft);
font-variant-numeric:tabular-nums}
.chart svg{width:100%;height:11rem;display:block;overflow:visible}
.left{position:relative;width:3.6rem}
.left span{position:absolute;right:.6rem;transform:translateY(-50%);white-space:nowrap}
.below{grid-column:2;position:relative;height:1.7rem}
.below span{position:absolute;top:.35rem;transform:translateX(-50%);white-space:nowrap}
svg path{fill:none;vector-effect:non-scaling-stroke}
svg .grid{stroke:var(--rule)}
svg .axis{stroke:var(--soft)}
svg .line{stroke:var(--new);stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}
svg .ground{fill:var(--new);opacity:.14}
svg .mark{stroke:var(--bad);stroke-width:2}
svg .gap{fill:var(--gap)}
svg rect.new{fill:var(--new)}svg rect.changed{fill:var(--changed)}svg rect.gone{fill:var(--gone)}
svg rect.pale{opacity:.5}
details{margin:.6rem 0 0}
summary{cursor:pointer;color:var(--soft);font-size:.9rem;width:fit-content}
summary:hover{color:var(--ink)}
:focus-visible{outline:2px solid var(--new);outline-offset:2px;border-radius:3px}
.wide{overflow-x:auto;margin-top:.5rem}
details .wide{overflow-y:auto;max-height:24rem}
.data{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
.data caption{text-align:left;padding:0 0 .4rem;font-size:.85rem}
.data th,.data td{padding:.36rem .7rem .36rem 0;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule);
overflow-wrap:anywhere}
.data .text{min-width:8.5rem}
.data .text:first-child{min-width:0}
.data th{color:var(--soft);font-weight:500;overflow-wrap:normal}
.data tbody th{color:var(--ink);font-weight:400;white-space:nowrap}
.data .text{text-align:left}
.data .number+.text{padding-left:.6rem}
.date{white-space:nowrap}
.data strong{color:var(--bad)}
.room{display:grid;grid-template-columns:auto 1fr auto;gap:.5rem .9rem;align-items:center;margin:.9rem 0;
font-size:.9rem}
.room i{display:block;height:1.1rem;border-radius:4px;background:var(--new);min-width:3px}
.room i.less{background:var(--good)}
code{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.ways{list-style:none;margin:.8rem 0 0;padding:0;display:grid;gap:1rem;
grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr))}
.ways p{margin:0 0 .35rem}
.ways code{display:block;background:var(--gap);border-radius:8px;padding:.5rem .7rem;margin-top:.35rem;overflow-wrap:anywhere}
footer{padding-top:.6rem;padding-bottom:3rem;font-size:.85rem}
.heard{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:34rem){
.data{font-size:.8rem}
.data th,.data td{padding-right:.5rem}
.below:has(span:nth-child(5)) span:nth-last-child(even){display:none}
.data .text{min-width:5.1rem}
.data .number+.text{padding-left:.3rem}
.data td.text:last-child{min-width:6rem}
.data .number+td.text:last-child{min-width:8.2rem}
.data tbody th{white-space:normal;overflow-wrap:anywhere;min-width:3.2rem}
header,main,footer{padding-left:.8rem;padding-right:.8rem}
header{padding-top:1.5rem}
section{padding:1rem}
.figures{grid-template-columns:1fr 1fr}
.months{grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}
.month{border-spacing:1px;font-size:.72rem}
.month .day{height:1.5rem;border-radius:4px}
}
@media (min-width:34rem) and (max-width:60rem){.months{grid-template-columns:repeat(auto-fill,minmax(11rem,1fr))}}
@media print{
:root{--page:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:11pt}
section{border:0;border-radius:0;padding:.5rem 0;border-top:1px solid var(--rule)}
.verdict{border-left:6px solid var(--good);padding-left:.8rem}
.months{grid-template-columns:repeat(4,1fr);gap:.8rem 1rem}
.day{height:1.3rem}
.wide{overflow:visible}
details{display:none}
}
`);
