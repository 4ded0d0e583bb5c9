import { emitTo, type Listeners } from "../../sdk/src/emit.ts";

/** Who hears of what: as long as the script is on the page, also while consent is taken back. */
export const listeners: Listeners = new Set();
export const emit = emitTo(listeners);

export const fail = (error: unknown): undefined => {
  console.warn("Askwell:", error);
  emit("error", undefined, error);
};

/** What one part cannot do must not keep the others from working, nor reach the page's own handlers of errors. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    return fail(error);
  }
}
