import type { Cart, Fired, Trigger as Options } from "../../../sdk/src/wire.ts";

export type { Cart, Fired, Options };

/** What a trigger may use. It lives in the engine, so that the fragments share one copy. */
export type Context = {
  /** Listens, passively and before the page does, until disarmed. */
  listen(target: EventTarget, type: string, handler: (event: never) => void): void;
  /** Runs once after so many milliseconds, unless disarmed. Returns what cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs when disarmed: undoes what neither listen nor after knows of. */
  onEnd(run: () => void): void;
  /**
   * Hears track() calls, and what readDataLayer() found in the page's data layer. Before the triggers of
   * a page view are armed, and before cart() changes the cart, there is an event "".
   */
  onTrack(heard: (event: string, properties: Record<string, unknown>, fromLayer?: boolean) => void): void;
  /** Does what track() does. */
  track(event: string, properties?: Record<string, unknown>, fromLayer?: boolean): void;
  /** The cart, as it is remembered between pages, where it was changed within so many hours. */
  cart: {
    get(hours?: number): Cart | undefined;
    set(cart: Cart | undefined): void;
  };
  /** The page's address. */
  here(): URL | Location;
  /** Its path and query, and its hash where that is a route. */
  route(): string;
  /** What this tab remembers from page to page: any trigger may keep plain data under its own name. */
  tab: Record<string, unknown>;
  /** Path and query of the page of this site that this tab showed just before; not after a refresh, nor on coming back from another site. */
  cameFrom(): string | undefined;
  /** Page views of the session, over all tabs. */
  views(): number;
  /** URL that the collector's files begin with. */
  base: string;
};

/** What an armed trigger may do besides. */
export type Armed = Context & {
  /**
   * The moment has come. A trigger may fire again: the survey may not have been allowed to show.
   * by: what fired in its place; asked: the visitor wants it, whatever else keeps surveys away, and
   * where it is open, closes it.
   */
  fire(reason?: string, more?: { field?: string | undefined; by?: Fired; asked?: true }): void;
  /** The moment may come soon: the survey's face is fetched ahead. */
  prepare(): void;
  /** Arms a trigger that belongs to this one. */
  watch(options: Options, fired: (by: Fired) => void): void;
};

/** One trigger: one file here, one fragment of the script. */
export type Trigger<Options> = {
  /**
   * Starts to wait for the moment, on one page view. What it started through the context ends when it is
   * disarmed. It throws where its options cannot work on this page, such as a selector that is none.
   */
  arm(options: Options, context: Armed): void;
  /** Watches what arming alone would miss, as long as the page lives, whether or not a survey may show now. */
  start?(all: Options[], context: Context): void;
};
