import type { RageClickTrigger } from "../../../sdk/src/wire.ts";
import { allChanges, type Click, inUse, isAnswer, valuesNow, watchClicks } from "../helpers/clicks.ts";
import type { Trigger } from "./trigger.ts";

const within = { ms: 1_000, px: 30 };
/** Pixels from a click within which the page answers it. */
const near = 200;

/** Fires on quick clicks at one place that the page does not all answer. */
export const trigger: Trigger<RageClickTrigger> = {
  arm({ clicks = 3, selector = ":root" }, context) {
    let recent: { event: MouseEvent; answered: boolean }[] = [];
    let last: Click | undefined;
    let values = "";
    let cancel = () => {};
    const answered = () => {
      const latest = recent.at(-1);
      if (latest) latest.answered = true;
    };
    const look = (records: MutationRecord[]) => {
      if (records.some((record) => isAnswer(record, last!) && isNear(record, last!))) answered();
    };
    const observer = new MutationObserver(look);
    context.onEnd(() => observer.disconnect());
    context.listen(window, "scroll", answered);

    watchClicks(
      context,
      selector,
      (click) => {
        const { event, button, path } = click;
        // By keyboard; or the second click, on its field, that a label makes of one.
        if ((event.type === "click" && !event.detail) || event.timeStamp === last?.event.timeStamp) return;
        if (last) look(observer.takeRecords());
        const now = valuesNow();
        if (values !== now) answered();
        values = now;
        last = click;
        recent = recent.filter(
          ({ event: e }) =>
            event.timeStamp - e.timeStamp <= within.ms &&
            Math.hypot(event.clientX - e.clientX, event.clientY - e.clientY) <= within.px,
        );
        // Quick clicks on a text select a word, or a paragraph.
        const ignored = inUse(click) || (!button && path[0]!.textContent.trim() && !getSelection()?.isCollapsed);
        const unanswered = recent.some(({ answered }) => !answered);
        recent.push({ event, answered: false });
        if (unanswered && !ignored && recent.length < clicks) context.prepare();
        else if (unanswered && !ignored) {
          recent = [];
          context.fire();
        }

        observer.disconnect();
        for (const root of new Set([document, ...path.map((e) => e.getRootNode())])) observer.observe(root, allChanges);
        cancel();
        cancel = context.after(within.ms, () => observer.disconnect());
      },
      ["click", "pointerup"],
    );
  },
};

/** Whether a change is where the click was. */
function isNear({ target }: MutationRecord, { event: { clientX: x, clientY: y } }: Click): boolean {
  const place = target instanceof Element ? target : target.parentElement;
  if (!place) return false;
  const { left, right, top, bottom } = place.getBoundingClientRect();
  return x > left - near && x < right + near && y > top - near && y < bottom + near;
}
