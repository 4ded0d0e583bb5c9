import type { Api, EventName, Listener, ShowOptions } from "./api.ts";
import type { Explanation } from "./explanation.ts";
import type { SurveyId } from "./names.ts";
import type { Storage } from "./storage.ts";

/** Calls that wait for the script: the arguments of each. */
export type Calls = unknown[][];

/**
 * What the script's element has: its options are data-language, data-storage (session or none) and data-debug. A storage
 * of the page's own, which is no text, is a property, beside data-storage="none": a plain object whose functions throw nothing.
 */
export type Tag = {
  /** Address of the site's script. */
  src: string;
  /** The data- attributes. */
  dataset: {
    /** BCP 47 tag: the surveys' language, in place of the page's. */
    language?: string;
    /** session or none; without it, the page's localStorage. */
    storage?: string;
    /** There: logs what happens to the console. */
    debug?: string;
  };
  /** A storage of the page's own. */
  adapter?: Storage | undefined;
};

declare global {
  /**
   * window.askwell: a function of the method's name and its arguments. What is called before the script has come returns
   * nothing. A global interface, as a program of both ES modules and CommonJS has this file twice, and those merge.
   */
  interface AskwellFunction {
    <Event extends EventName>(method: "on", event: Event, listener: Listener<Event>): (() => void) | undefined;
    <Id extends SurveyId>(method: "show", survey: Id, options?: ShowOptions<Id>): void;
    (method: "explain", heard?: (surveys: Explanation[]) => unknown): Promise<Explanation[] | undefined> | undefined;
    <Method extends Exclude<keyof Api, "on" | "show" | "explain">>(
      method: Method,
      ...args: Parameters<Api[Method]>
    ): ReturnType<Api[Method]>;
    /** The calls that wait, until the script is there. A stub has none before the first. */
    q?: Calls;
    /** Whether the script is there; false of the SDK's stub. */
    loaded?: boolean;
    /** Of the script that a preview, a module, stands in for: those do not know their element. */
    tag?: Tag;
  }

  interface Window {
    askwell?: AskwellFunction;
  }
}

/** What window.askwell is. */
export type Askwell = AskwellFunction;
