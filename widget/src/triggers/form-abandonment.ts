import type { FormAbandonmentTrigger } from "../../../sdk/src/wire.ts";
import { watchExit } from "../helpers/exit.ts";
import { watchIdle } from "../helpers/idle.ts";
import type { Trigger } from "./trigger.ts";

/** Inputs, selects, text areas, and custom elements that are a form's. */
type Field = HTMLInputElement;
/** A form that was started: the fields that were changed, and the name of the last of them. */
type Started = { form: Element; touched: Set<Field>; field: string };

/** Milliseconds that a single-page app has to take a form away after a route change. */
const appRenders = 1_000;

/** The form of each detector, from one page view of a single-page app to the next. */
const kept: Record<string, Started | undefined> = {};

/**
 * Fires when a form that was started is being left without having been sent. It records the name of the
 * field that was changed last, never what is in it.
 */
export const trigger: Trigger<FormAbandonmentTrigger> = {
  arm({ selector, when = ["exit", "leave_page", "idle"], idle_seconds = 60 }, context) {
    const { listen, fire, prepare, tab, cameFrom, after, here } = context;
    const key = `form:${[selector, when, idle_seconds]}`;
    const wanted = selector ?? "form";
    document.querySelector(wanted); // throws where it is none
    let own: Started | undefined;

    /** The form, while it holds something of the visitor; what it holds is only asked for, never kept. */
    const started = (): Started | undefined => {
      if (holds(own)) return own;
      delete tab[key];
      return undefined;
    };
    const remember = () => {
      const { pathname, search } = here();
      if (started()) tab[key] = { page: pathname + search, field: own!.field };
    };
    const watch = (one: Started) => {
      own = kept[key] = one;
      // On the form itself: none of these leaves a shadow root. form.submit(), and a script that collects
      // what it sends, cause a formdata and no submit.
      for (const type of ["submit", "formdata", "reset"])
        listen(one.form, type, () => {
          one.touched.clear();
          started();
        });
    };
    const leave = (reason: string) => {
      const now = started();
      if (now?.form.isConnected) fire(reason, now);
    };

    const left = tab[key] as { page: string; field: string } | undefined;
    const before = kept[key];
    delete tab[key];
    delete kept[key];
    if (before?.form.isConnected) {
      watch(before);
      remember();
    }
    if (left && left.page === cameFrom()?.split("#")[0] && when.includes("leave_page")) {
      prepare();
      after(appRenders, () => {
        // A route change need not end a form: it may be a step of it, or what it was set to.
        if (before && (!holds(before) || before.form.getClientRects().length)) return;
        delete tab[key];
        own = undefined;
        fire("left_page", left);
      });
    }

    listen(document, "input", (event: Event) => {
      const path = event.composedPath();
      const input = path[0] as Field;
      // A browser that fills in what it knows is no visitor who started: that one is where the focus is.
      if (!event.isTrusted || !input.matches(":focus") || (event.target as Element).localName === "askwell-survey")
        return;
      const form = [...path, input.form].find((one): one is Element => one instanceof Element && one.matches(wanted));
      if (!form || (!selector && fields(form as HTMLFormElement) < 2)) return;
      if (own?.form !== form) watch({ form, touched: new Set(), field: "" });
      own!.touched.add(input);
      own!.field = `${input.name || input.id || input.autocomplete || input.type || input.localName}`.slice(0, 100);
      remember();
    });
    listen(document, "click", started); // of a link, in a form that a script has emptied
    if (when.includes("exit")) watchExit(context, leave, () => started() && prepare());
    if (when.includes("idle")) watchIdle(context, idle_seconds, () => leave("idle"));
  },
};

const holds = (one?: Started) =>
  one && [...one.touched].some(({ type, checked, value }) => (/checkbox|radio/.test(type) ? checked : value));

/** How many fields a visitor sees; the buttons of a group are one. */
const fields = (form: HTMLFormElement) =>
  new Set(
    ([...form.elements] as Field[])
      .filter(({ type }) => !/hidden|submit|button|reset|image|fieldset|output/.test(type))
      .map((field) => field.name || field),
  ).size;
