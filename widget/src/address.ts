/** What page() said, until the address changes. */
let said: URL | undefined;

/** The page's address, or what page() said in its place. */
export const here = (): URL | Location => said ?? location;

/** What tells one page view from the next: a hash counts where it is a route. */
export const route = ({ pathname, search, hash } = here()): string =>
  pathname + search + (/^#!?\//.exec(hash) ? hash : "");

/** Says which page this is; without a URL, the one of the address bar. */
export function say(url?: string): void {
  said = url ? new URL(url, location.href) : undefined;
}
