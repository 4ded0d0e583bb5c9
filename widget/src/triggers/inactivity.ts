import type { InactivityTrigger } from "../../../sdk/src/wire.ts";
import { watchIdle } from "../helpers/idle.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when a visitor who did something does nothing any more, and neither watches, listens nor writes. */
export const trigger: Trigger<InactivityTrigger> = {
  arm({ seconds = 60 }, context) {
    let field: Element | undefined;
    context.listen(document, "input", (event: InputEvent) => {
      // Text has an inputType; a box that is ticked or a list that is chosen from is done with.
      if (event.inputType) field = event.composedPath()[0] as Element;
    });
    watchIdle(
      context,
      seconds,
      context.fire,
      // Whoever stopped in the middle of a text is thinking; what goes on in a frame nobody knows.
      () =>
        (field && (field.getRootNode() as Document).activeElement === field) ||
        document.activeElement?.localName === "iframe" ||
        document.pictureInPictureElement ||
        playing(document),
    );
  },
};

/** Whether anything plays, also inside open shadow roots. A silent loop is decoration. Asked only when nothing was done for so long. */
const playing = (root: ParentNode): boolean =>
  [...root.querySelectorAll("*")].some((element) =>
    element.shadowRoot
      ? playing(element.shadowRoot)
      : element instanceof HTMLMediaElement && !element.paused && !(element.muted && element.loop),
  );
