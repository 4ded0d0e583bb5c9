// As in ui/theme.ts: `all` leaves `direction` out, and what is important in a shadow host beats the page's own.
// b background, f foreground, m muted, l line, h raised, a accent, g good, r bad, y test.
export const css = `
:host{all:initial!important;display:block!important;position:fixed!important;z-index:2147483647!important;direction:ltr!important}
*{box-sizing:border-box;margin:0}
main{--b:#fff;--f:#18181b;--m:#62626d;--l:#e3e3e9;--h:#f6f6f9;--a:#5b5bd6;--g:#18794e;--gb:#ddf3e4;--r:#c4262e;--rb:#ffe5e5;--y:#ffd60a;
position:fixed;top:max(12px,env(safe-area-inset-top));left:max(12px,env(safe-area-inset-left));max-width:calc(100vw - 24px);
display:flex;flex-direction:column;border:1px solid var(--l);border-radius:14px;background:var(--b);color:var(--f);
box-shadow:0 12px 40px #00000026;font:13px/1.45 system-ui,sans-serif;text-align:left;overflow:hidden;color-scheme:light dark;overflow-wrap:anywhere}
main.open{width:420px;max-height:min(calc(100dvh - 24px),640px)}
button{border:0;background:none;color:inherit;font:inherit;cursor:pointer;border-radius:8px}
:focus-visible{outline:2px solid var(--a);outline-offset:2px}
header{display:flex;align-items:center;gap:2px;padding:4px}
.open header{border-bottom:1px solid var(--l)}
.chip{flex:1;display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;min-height:32px;padding:4px 8px;text-align:left}
.logo{flex:none;position:relative;width:16px;height:14px;border-radius:5px 5px 5px 1px;background:var(--a)}
.logo:after{content:"";position:absolute;inset:4px;border-radius:50%;background:#fff;width:6px;height:6px;left:5px}
.pill{padding:1px 8px;border-radius:99px;background:var(--h);color:var(--m);font-size:12px;font-weight:500}
.pill.test{background:var(--y);color:#1a1500;font-weight:600}
.pill.preview{background:var(--a);color:#fff;font-weight:600}
.pill.bad{background:var(--rb);color:var(--r);border-radius:8px}
.pill.good{background:var(--gb);color:var(--g)}
.icon{flex:none;width:32px;height:32px;color:var(--m);font-size:18px;line-height:1}
.body{overflow:auto;min-height:0}
details{border-bottom:1px solid var(--l)}
summary{display:flex;align-items:center;gap:10px;padding:10px 14px;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:after{content:"";flex:none;width:6px;height:6px;margin:0 2px 0 auto;border:solid var(--m);border-width:0 1.5px 1.5px 0;rotate:45deg;translate:0 -2px}
[open]>summary:after{rotate:225deg;translate:0 1px}
summary:focus-visible{outline-offset:-2px}
h2{font-size:13px;font-weight:600}
h2 small{font-weight:400}
small{color:var(--m);font-size:12px}
summary div{min-width:0}
summary div>small{display:block}
ol,ul{list-style:none;padding:2px 14px 8px}
li{display:grid;grid-template-columns:18px 1fr auto;gap:0 10px;padding:4px 0}
li>*{grid-column:2/4}li>.mark+span{grid-column:2}li>.name{grid-column:3;grid-row:1;font-size:10.5px;line-height:20px}
li>.mark{grid-column:1;grid-row:1}
.mark{flex:none;display:grid;place-items:center;width:18px;height:18px;border-radius:50%;background:var(--gb);color:var(--g);font-size:11px;font-weight:700;line-height:1;margin-top:1px;font-style:normal}
.no .mark,.mark.no{background:var(--rb);color:var(--r)}
.off .mark{background:var(--h);color:var(--m)}
code{font:11.5px/1.5 ui-monospace,monospace;color:var(--m);unicode-bidi:plaintext;}
.next{font-size:12px;font-weight:500;color:var(--r)}
.spared{font-size:12px;background:color-mix(in srgb,var(--y) 30%,var(--b));border-radius:6px;padding:0 6px;justify-self:start}
h3{padding:4px 14px 0;font-size:11px;font-weight:600;letter-spacing:.04em;text-transform:uppercase;color:var(--m)}
.row{display:flex;flex-wrap:wrap;gap:6px;padding:2px 14px 12px}
.row button{padding:5px 10px;border:1px solid var(--l);background:var(--b);font-size:12px;font-weight:500}
.row button.main{background:var(--a);border-color:var(--a);color:#fff}
.fired{font-size:12px;color:var(--g)}
footer{border-top:1px solid var(--l);background:var(--h);padding-top:10px}
p{padding:12px 14px;font-size:12px;color:var(--m)}
p b{color:var(--f);font-weight:600}
output{font-size:12px;color:var(--g);align-self:center}
output:empty{display:none}
@media(hover:hover){.icon:hover,.chip:hover{background:var(--h)}.row button:hover{border-color:var(--a)}}
@media(prefers-color-scheme:dark){main{--b:#1c1c21;--f:#f4f4f6;--m:#a5a5b0;--l:#33333b;--h:#26262c;--a:#6e6ade;--g:#5bd69a;--gb:#17352a;--r:#ff9592;--rb:#3f1d20}}
@media(max-width:30em){main{top:max(8px,env(safe-area-inset-top));left:8px;max-width:calc(100vw - 16px)}main.open{width:calc(100vw - 16px);max-height:60dvh}.icon{width:44px;height:44px}.chip{min-height:44px}.row button{min-height:36px}}
@media(prefers-reduced-motion:no-preference){main{animation:i .2s ease-out}@keyframes i{0%{opacity:0;translate:0 -6px}}}
@media(forced-colors:active){.mark,.pill,.logo{border:1px solid}}`;
