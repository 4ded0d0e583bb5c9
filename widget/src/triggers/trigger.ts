import type { Cart } from "../../../sdk/src/wire.ts";

export type { Cart };

/** What a trigger may use. Helpers live in the engine, so that the fragments share one copy. */
export type Context = {
  /** Listens, passively, until disarmed. */
  listen(target: EventTarget, type: string, handler: (event: never) => void): void;
  /** Runs once after so many milliseconds, unless disarmed. Returns what cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Calls back when the pointer leaves the page through its top, and before that when it comes near. */
  onExit(leaving: () => void, near: () => void, sensitivity?: string, armAfterSeconds?: number): void;
  /** Whether path and query of the page match one of some globs. */
  atPage(globs: string[]): boolean;
  /** Hears track() calls. */
  onTrack(heard: (event: string, properties: Record<string, unknown>) => void): void;
  /** The cart, as it is remembered between pages. */
  cart: {
    get(): Cart | undefined;
    set(cart: Cart | undefined): void;
  };
};

/** What an armed trigger may do besides. */
export type Armed = Context & {
  /** The moment has come. A trigger may fire again: the survey may not have been allowed to show. */
  fire(reason?: string): void;
  /** The moment may come soon: the survey's face is fetched ahead. */
  prepare(): void;
};

/** One trigger: one file here, one fragment of the script. */
export type Trigger<Options> = {
  /** Starts to wait for the moment. What it started through the context ends when it is disarmed. */
  arm(options: Options, context: Armed): void;
  /** Watches what arming alone would miss, once a page, whether or not a survey may show now. */
  start?(all: Options[], context: Context): void;
};
