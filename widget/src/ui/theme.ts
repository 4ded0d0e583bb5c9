import type { Theme } from "../definition.ts";

// Written tersely: esbuild does not minify CSS inside a string, and this is a third of the face.
// b background, f foreground, m muted, l line, e edge of a field, r error; a accent, t text on it.
// The important declarations of a shadow host beat those of the page.
const css =
  ":host{all:initial!important;position:fixed!important;z-index:2147483647!important}" +
  "*{box-sizing:border-box;margin:0}" +
  "section{--b:#fff;--f:#18181b;--m:#62626d;--l:#dedee4;--e:#85858f;--r:#c4262e;" +
  "position:fixed;bottom:max(20px,env(safe-area-inset-bottom));width:23.5em;max-width:calc(100% - 40px);max-height:calc(100% - 40px);" +
  "display:flex;flex-direction:column;border:1px solid var(--l);border-radius:16px;background:var(--b);color:var(--f);" +
  "box-shadow:0 2px 6px #0000000d,0 16px 48px #0000002e;font:1em/1.45 system-ui,sans-serif;" +
  "overflow-wrap:anywhere;color-scheme:light dark}" +
  "form{overflow:auto;overscroll-behavior:contain;padding:20px 20px 0;scroll-padding:80px}" +
  "fieldset{border:0;padding:0 0 4px;min-width:0}" +
  "legend{padding-inline:0 32px}#t{font-weight:600;line-height:1.35;outline:0}" +
  "#h,#e,#l,bdi{color:var(--m);font-size:.8125em;line-height:1.4}" +
  "p:empty{display:none}" +
  "#e{flex:0 0 100%;color:var(--r)}" +
  // A scale: a row of cells, and below it the names of its ends or of the point in hand.
  "div{position:relative;display:flex;flex-wrap:wrap;gap:8px 4px}" +
  "div label{flex:1 0 1.5em}" +
  "#l{flex:0 0 100%;display:flex;gap:16px}" +
  "#l span+span{flex:auto;text-align:end}" +
  "bdi{position:absolute;inset:52px 0 0;text-align:center;background:var(--b);opacity:0;pointer-events:none}" +
  ".csat :checked~bdi,.csat :focus-visible~bdi{opacity:1}" +
  // The radio covers its label.
  "label{display:grid;cursor:pointer}" +
  "input,label span{grid-area:1/1}" +
  "input{opacity:0;width:100%;height:100%;cursor:inherit}" +
  "label span{display:flex;align-items:center;gap:10px;min-height:40px;border:1px solid var(--l);border-radius:10px;font-size:.9375em;pointer-events:none}" +
  "div label span{justify-content:center;min-height:44px;border-radius:8px}" +
  "#h,fieldset>label{margin-top:6px}#h+*{margin-top:16px}" +
  "fieldset>label span{padding:7px 12px}" +
  "fieldset>label span:before{content:'';flex:none;width:16px;height:16px;border:1.5px solid var(--e);border-radius:50%}" +
  ":checked+span,button{background:var(--a);color:var(--t);border-color:var(--a);forced-color-adjust:none}" +
  ":checked+span:before{border:5px solid!important}" +
  "textarea{display:block;width:100%;min-height:92px;max-height:200px;padding:10px 12px;border:1px solid var(--e);border-radius:10px;" +
  "background:none;color:inherit;font:inherit;resize:none;field-sizing:content}" +
  "::placeholder{color:var(--m);opacity:1}" +
  ":focus-visible,:focus-visible+span{outline:2px solid var(--f);outline-offset:2px}textarea:focus-visible{outline-offset:-2px}" +
  // Stays in view below a long list, so that the list is seen to go on.
  "footer{position:sticky;bottom:0;z-index:2;display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px;padding:10px 0 20px;background:var(--b)}" +
  "small{flex:1;color:var(--m);font-size:.75em}" +
  // Test mode and preview.
  "section>small{position:absolute;padding:0 20px}" +
  "button{padding:8px 16px;border:0;border-radius:10px;font:inherit;font-size:.9375em;font-weight:600;cursor:pointer}" +
  ".skip,.x{background:var(--b);color:var(--m);forced-color-adjust:auto}.skip{padding:8px 12px;margin-inline-end:-12px}" +
  ".x{position:absolute;top:6px;inset-inline-end:6px;width:44px;height:44px;padding:6px;border-radius:16px;background-clip:content-box}" +
  ".x:before,.x:after{content:'';position:absolute;inset:21px 15px auto;border-top:1.5px solid;rotate:45deg}.x:after{rotate:-45deg}" +
  ".off:not(:focus-visible),output{position:absolute;clip-path:inset(50%)}" +
  ".end{position:static;clip-path:none;padding:28px 24px;text-align:center}.end p+p{margin-top:4px;color:var(--m);font-size:.9375em}" +
  ".end:before{content:'';display:block;width:10px;height:18px;margin:0 auto 16px;border:solid var(--a);border-width:0 3px 3px 0;rotate:42deg}" +
  "@media(hover:hover){label:hover :not(:checked)+span{background:color-mix(in srgb,var(--a) 9%,var(--b));border-color:var(--a)}.csat label:hover bdi{opacity:1;z-index:1}" +
  ".skip:hover,.x:hover{background-color:color-mix(in srgb,var(--f) 5%,var(--b));color:var(--f)}}" +
  "@media(prefers-color-scheme:dark){section{--b:#1c1c21;--f:#f4f4f6;--m:#a5a5b0;--l:#3d3d45;--r:#ff8a8a}}" +
  "@media(prefers-reduced-motion:no-preference){section,form,.end{animation:i .35s ease-out}@keyframes i{0%{opacity:0;translate:0 12px}}}" +
  "@media(max-width:30em){section{inset:auto 0 0;min-width:100%;border-width:1px 0 0;border-radius:20px 20px 0 0;padding-bottom:env(safe-area-inset-bottom)}" +
  "form{padding:20px 16px 0}label span{min-height:44px}.nps label{flex:0 0 calc((100% - 20px)/6)}}" +
  "@media(forced-colors:active){section{--a:Highlight;--t:HighlightText}}" +
  "@media print{section{display:none}}";

/**
 * Black or white, whichever reads at 4.5:1 (WCAG AA) or better on the colour. White does up to a luminance of .183,
 * black from .175 on; a gamma of 2.2 is off by less than what is left on either side of .179.
 */
export function textOn(accent: string): string {
  const [red, green, blue] = accent.match(/\w\w/g)!.map((part) => (parseInt(part, 16) / 255) ** 2.2) as [
    number,
    number,
    number,
  ];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

export function styleSheet({ accent = "#5b5bd6", position = "bottom-right" }: Theme): CSSStyleSheet {
  const side = position.slice(7);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `section{${side}:max(20px,env(safe-area-inset-${side}));--a:${accent};--t:${textOn(accent)}}${css}`,
  );
  return sheet;
}
