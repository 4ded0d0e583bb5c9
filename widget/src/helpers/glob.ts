/**
 * Whether a text matches a glob, where * stands for any run of characters, in any case. Each piece
 * between stars is taken where it first occurs, so the time is linear: a regular expression made of
 * the glob froze the page on a crafted URL.
 */
function matchesGlob(glob: string, text: string): boolean {
  const [first = "", ...pieces] = glob.toLowerCase().split("*");
  const last = pieces.pop();
  const rest = text.toLowerCase();
  if (last === undefined) return rest === first;
  if (!rest.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const found = rest.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return rest.length - last.length >= at && rest.endsWith(last);
}

/** Whether a text matches one of some globs. */
export const matchesGlobs = (globs: string[], text: string): boolean => globs.some((glob) => matchesGlob(glob, text));
