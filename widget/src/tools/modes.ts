/** How the surveys of this tab are tried out. */
export type Modes = {
  test: boolean;
  explain: boolean;
  /** The token of a preview link. */
  preview?: string | undefined;
};

const key = "askwell";

/**
 * "?askwell=test", "?askwell=explain", or both with a comma, hold for as long as the tab lives, so that a
 * survey that comes three pages later can be tried too; so does "?askwell_preview=…". "?askwell=off"
 * ends them all.
 */
export function readModes(): Modes {
  const query = new URLSearchParams(location.search);
  let kept = "";
  try {
    kept = sessionStorage.getItem(key) ?? "";
  } catch {
    // No storage: for this page view.
  }
  const words = kept.split(",");
  const said = query.get("askwell")?.split(/[, ]/); // a plus sign between them is a space here
  const off = said?.includes("off");
  const has = (word: string) => (said ?? words).includes(word) && !off;
  const modes: Modes = {
    test: has("test"),
    explain: has("explain"),
    // The address of an "off" may still have the token of before.
    preview: off
      ? undefined
      : (query.get("askwell_preview") ?? words.find((word) => word.startsWith("preview="))?.slice(8)) || undefined,
  };
  writeModes(modes);
  return modes;
}

export function writeModes({ test, explain, preview }: Modes): void {
  const words = [test && "test", explain && "explain", preview && `preview=${preview}`].filter(Boolean);
  try {
    if (words.length) sessionStorage.setItem(key, words.join());
    else sessionStorage.removeItem(key);
  } catch {
    // No storage.
  }
}
