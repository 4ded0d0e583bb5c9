// Written tersely: esbuild does not minify CSS inside a string, and this is a third of the face.
// The variables are those of the survey's theme: collector/catalog/theme.go makes them. k is what an on-screen keyboard
// covers.
// Three fonts (bold, plain, and small and plain) and no more: each size and each weight is one, and the first use of one
// takes the browser 1 ms, 4 on a phone, before anything is painted. Hence the × that is scaled up.
// The important declarations of a shadow host beat those of the page.
const css =
  ":host{all:initial!important;position:fixed!important;z-index:2147483647!important}" +
  "*{box-sizing:border-box;margin:0}" +
  "dialog{--k:0px;position:fixed;width:23.5em;max-width:calc(100% - 40px);max-height:calc(100% - 40px - var(--k));" +
  "display:flex;flex-direction:column;overflow:hidden;padding:0;border:1px solid var(--l);border-radius:var(--r);background:var(--b);color:var(--f);" +
  "box-shadow:0 2px 6px #0000000d,0 16px 48px #0000002e;line-height:1.45;overflow-wrap:anywhere}" +
  "form{overflow:auto;overscroll-behavior:contain;padding:20px 20px 0;scroll-padding:80px}" +
  "fieldset{border:0;padding:0 0 4px;min-width:0}" +
  "legend{padding-inline:0 32px}#t{font-weight:600;line-height:1.35;outline:0}" +
  "#h,#e,#l,bdi,small{color:var(--m);font-size:.8125em;line-height:1.4}" +
  "p:empty,[hidden]{display:none!important}" +
  "#e{flex:0 0 100%;color:var(--w)}" +
  // Its words are for screen readers: they lie below the bar.
  "#p{position:absolute;top:0;height:3px;overflow:hidden;background:var(--a);line-height:4}" +
  // A scale: a row of cells, and below it the names of its ends or of the point in hand.
  "div{position:relative;display:flex;flex-wrap:wrap;gap:8px 3px}" +
  "div label{flex:1 0 1.5em}" +
  "#l{flex:0 0 100%;display:flex;gap:16px}" +
  "#l span+span{flex:auto;text-align:end}" +
  // The radio covers its label.
  "label{display:grid;cursor:pointer}" +
  "input,label span{grid-area:1/1}" +
  "input{opacity:0;width:100%;height:100%;cursor:inherit}" +
  "label span{display:flex;align-items:center;gap:10px;pointer-events:none}" +
  "label span,button,.end a{min-height:44px;padding:10px 12px;border:1px solid var(--l);border-radius:calc(var(--r)*.625);font:inherit}" +
  "div label span{justify-content:center;padding:0;border-radius:calc(var(--r)/2)}" +
  "#h,fieldset>label{margin-top:6px}#h+*{margin-top:16px}" +
  "fieldset>label span:before{content:'';flex:none;box-sizing:border-box;width:20px;height:20px;border:1.5px solid var(--e);border-radius:50%}" +
  ":checked+span,button,.end a{background:var(--p);color:var(--t);border-color:var(--a);forced-color-adjust:none}" +
  "fieldset>label :checked+span:before{border:5px solid}" +
  ":focus-visible,:focus-visible+span{outline:2px solid var(--f);outline-offset:2px}" +
  "footer{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px;padding:10px 0 20px;background:var(--b)}" +
  // It breaks its lines as beside "Send" when it stands beside "Skip", which is narrower: else the footer jumps.
  "footer small{flex:1 1 9em;max-width:calc(100% - 7.5em)}" +
  // Test mode and preview.
  "dialog>small{position:absolute;padding:2px 20px}" +
  "button,.end a{padding-inline:16px;font-weight:600;cursor:pointer}" +
  ".skip,.x{background:var(--b);color:var(--m);border-color:#0000;forced-color-adjust:auto}.skip{margin-inline-end:-16px}.skip:focus-visible{outline-offset:-2px}" +
  "[part=back]{margin-inline:-16px auto}[part=back]~small{order:1;flex-basis:100%;max-width:none}" +
  "a{color:inherit}small a{padding:6px 0}" +
  ".x{position:absolute;top:13px;inset-inline-end:13px;width:30px;min-height:30px;padding:4px;border:0;border-radius:11px;background-clip:content-box;font-weight:400;line-height:1;scale:1.5}" +
  ".off:not(:focus-visible),output{position:absolute;clip-path:inset(50%)}" +
  ".end{position:static;clip-path:none;overflow:auto;padding:28px 24px;text-align:center}.end p+p{margin-top:4px;color:var(--m)}" +
  ".end:before{content:'';display:block;width:10px;height:18px;margin:0 auto 16px;border:solid var(--a);border-width:0 3px 3px 0;rotate:42deg}" +
  ".end a{display:inline-block;margin-top:20px;text-decoration:none}" +
  "@media(hover:hover){label:hover :not(:checked)+span,.skip:hover,.x:hover{background-color:color-mix(in srgb,var(--a) 9%,var(--b))}}" +
  "@media(prefers-reduced-motion:no-preference){dialog,form,.end{animation:i .35s ease-out}@keyframes i{0%{opacity:0;translate:0 12px}}}" +
  // In view below a long list, so that the list is seen to go on; not where that leaves no room for the list.
  "@media(max-width:30em){form{padding-inline:16px}}" + // six points of 44 px on 320
  "@media(min-height:24em){footer{position:sticky;bottom:0;z-index:2}}" +
  "@media print{dialog{display:none!important}}";

/** In a corner, and on a phone along the bottom edge. */
const corner =
  "dialog{inset:var(--i)}@media(max-width:30em){dialog{inset:auto 0 var(--k);width:100%;max-width:none;" +
  "border-width:1px 0 0;border-radius:20px 20px 0 0;padding-bottom:env(safe-area-inset-bottom)}}";

/** more: the rules of what this survey has beside the common ones; place: of where it stands, if that is no corner. */
export function styleSheet(more: string, place = corner): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + more + place);
  return sheet;
}
