/**
 * Numbers drawn as stars: those up to the one that is chosen, or pointed at, are filled. A shape, as fonts draw
 * the character in a dozen ways, and a smaller one in it that empties it; the number stays the accessible name.
 */
export const stars =
  ".stars{gap:4px 0}.stars label span{display:grid;place-content:center;grid:auto/min(100%,32px);font-size:0;border:0;color:var(--e);background:none!important;forced-color-adjust:none}" +
  ".stars span:before,.stars label span:after{content:'';grid-area:1/1;aspect-ratio:1;background:currentColor;" +
  "clip-path:polygon(50% 4%,61% 36%,96% 37%,68% 58%,78% 92%,50% 72%,22% 92%,32% 58%,4% 37%,39% 36%)}.stars label span:after{background:var(--b);scale:.74}" +
  ".stars label:has(:checked,~label :checked) span,.stars label:hover span,.stars label:has(~label:hover) span{color:var(--a);--b:var(--a)}" +
  ".stars label:hover~label span{color:var(--e);--b:inherit}";
