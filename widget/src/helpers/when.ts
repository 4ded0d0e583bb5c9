import type { Context, Fired, Options } from "../triggers/trigger.ts";

/** Puts off what a trigger says by its delay, and calls it off when one of the others fires. */
export function when(
  { delay_seconds, cancel_on = [] }: Options,
  fired: (by: Fired, asked?: boolean) => void,
  { after }: Context,
  watch: (options: Options, fired: (by: Fired) => void) => void,
): typeof fired {
  let off = false;
  let waiting = false;
  for (const other of cancel_on)
    watch(other, () => {
      off = true;
    });
  return (by, asked) => {
    if (off || waiting) return;
    if (!delay_seconds) return fired(by, asked);
    waiting = true;
    after(delay_seconds * 1_000, () => {
      waiting = false;
      if (!off) fired(by, asked);
    });
  };
}
