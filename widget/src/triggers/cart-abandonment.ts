import type { CartAbandonmentTrigger, CartSelectors } from "../../../sdk/src/wire.ts";
import { parseNumber } from "../parse-number.ts";
import type { Cart, Context, Trigger } from "./trigger.ts";

/** The data of a GA4 ecommerce event. Any of it may be missing or of another type. */
type Ecommerce = { value?: unknown; currency?: unknown; items?: unknown };

const defaultFunnel = ["*cart*", "*basket*", "*checkout*"];

/** Another page that opens within this time after a cart or checkout page was left for it. */
const leftWithin = 30_000;
const leftKey = "askwell:left";

/**
 * Fires when a visitor with something in the cart is about to give up. The cart is known from the
 * SDK's cart(), from GA4 events, or from selectors; a purchase empties it.
 */
export const trigger: Trigger<CartAbandonmentTrigger> = {
  start(all, context) {
    let last: unknown;
    refresh = () => {
      // The data layer is read where it matters rather than patched: its push belongs to the tag
      // manager, which also drops old entries, so the place is kept by the last entry seen.
      const layer = (window as { dataLayer?: unknown }).dataLayer;
      if (Array.isArray(layer)) {
        for (const entry of layer.slice(layer.lastIndexOf(last) + 1)) {
          last = entry;
          try {
            update(context, entry);
          } catch {
            // An entry with a getter that throws says nothing about the cart.
          }
        }
      }
      for (const { selectors, purchased } of all) {
        if (selectors) look(context, selectors);
        if (purchased && context.atPage(purchased)) context.cart.set(undefined);
      }
    };
    refresh();
    context.onTrack((event, ecommerce) => {
      refresh(); // what the data layer says came before
      update(context, { event, ecommerce });
    });
    context.listen(window, "pagehide", () => {
      refresh();
      const funnel = all.some((options) => context.atPage(options.funnel ?? defaultFunnel));
      try {
        sessionStorage.setItem(leftKey, funnel ? `${Date.now()}` : "0");
      } catch {
        // No storage: leaving for another page is not seen.
      }
    });
  },

  arm({ when = ["exit"], idle_seconds = 60, funnel = defaultFunnel }, context) {
    const { fire, prepare, listen, after, onExit, atPage, cart } = context;
    const full = () => {
      refresh();
      return (cart.get()?.items ?? 0) > 0;
    };
    const leave = (reason: string) => atPage(funnel) && full() && fire(reason);

    // No arming delay: a full cart on a funnel page says more than a second on the page would.
    if (when.includes("exit"))
      onExit(
        () => leave("pointer_top"),
        () => atPage(funnel) && prepare(),
        "medium",
        0,
      );
    if (when.includes("leave_funnel") && !atPage(funnel) && Date.now() - leftAt() < leftWithin && full())
      fire("left_funnel");
    if (when.includes("idle")) {
      // One timer that looks at the time of the last input: a timer anew for each pointer move costs more.
      const limit = idle_seconds * 1_000;
      let last = performance.now();
      const check = (): void => {
        const left = document.hidden ? limit : last + limit - performance.now();
        if (left <= 0) {
          last = performance.now();
          leave("idle");
        }
        after(left > 0 ? left : limit, check);
      };
      for (const type of ["pointermove", "pointerdown", "keydown", "scroll"])
        listen(document, type, () => (last = performance.now()));
      after(limit, check);
    }
  },
};

/** Brings the cart up to date with the page. */
let refresh = () => {};

function leftAt(): number {
  try {
    return Number(sessionStorage.getItem(leftKey));
  } catch {
    return 0;
  }
}

/** Applies an entry of the data layer: an object of a tag manager, or what gtag("event", name, data) pushed. */
function update({ cart }: Context, entry: unknown): void {
  const { 0: command, 1: name, 2: data, event, ecommerce } = (entry ?? {}) as Record<string, unknown>;
  const [type, told] = command === "event" ? [name, data] : [event, ecommerce];
  const { value, currency, items }: Ecommerce = told ?? {};
  const change: Cart = {
    value: Number(value) || 0,
    currency: typeof currency === "string" ? currency : undefined,
    // A quantity that is not told is 1.
    items: Array.isArray(items) ? items.reduce((n, item) => n + (Number(item?.quantity) || 1), 0) : 1,
  };
  const sign = type === "add_to_cart" ? 1 : type === "remove_from_cart" ? -1 : 0;
  if (sign) {
    const now = cart.get() ?? { value: 0, items: 0 };
    cart.set({
      value: Math.max(0, now.value + sign * change.value),
      items: Math.max(0, now.items + sign * change.items),
      currency: change.currency ?? now.currency,
    });
  } else if (type === "view_cart" || type === "begin_checkout") cart.set(change);
  else if (type === "purchase") cart.set(undefined);
}

/** Reads the cart that the page shows. */
function look({ cart }: Context, selectors: CartSelectors): void {
  const number = (selector?: string) => {
    try {
      return parseNumber(selector && document.querySelector(selector)?.textContent);
    } catch {
      return undefined; // not a selector
    }
  };
  const value = number(selectors.value);
  const items = number(selectors.items) ?? (value && 1);
  if (items) cart.set({ value: value ?? 0, items, currency: selectors.currency });
  else if (items === 0) cart.set(undefined);
}
