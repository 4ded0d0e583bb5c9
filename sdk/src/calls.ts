import type { Api } from "./api.ts";

/** Calls that wait for the script: the arguments of each. */
export type Calls = unknown[][];

/** window.askwell: a function of the method's name and its arguments. */
export type Askwell = {
  <Method extends keyof Api>(method: Method, ...args: Parameters<Api[Method]>): void;
  /** The calls that wait, until the script is there. A stub has none before the first. */
  q?: Calls;
  /** The script is there. */
  loaded?: true;
};

declare global {
  interface Window {
    askwell?: Askwell;
  }
}
