import type { CartAbandonmentTrigger, CartSelectors } from "../../../sdk/src/wire.ts";
import { readDataLayer } from "../helpers/data-layer.ts";
import { watchExit } from "../helpers/exit.ts";
import { watchIdle } from "../helpers/idle.ts";
import { parseNumber } from "../parse-number.ts";
import type { Cart, Context, Trigger } from "./trigger.ts";

/** The data of a GA4 ecommerce event. Any of it may be missing or of another type. */
type Ecommerce = { value?: unknown; currency?: unknown; items?: unknown };

const defaultFunnel = ["*cart*", "*basket*", "*checkout*"];

/**
 * Fires when a visitor with something in the cart is about to give up. The cart is known from the
 * SDK's cart(), from GA4 events, or from selectors; a purchase empties it.
 */
export const trigger: Trigger<CartAbandonmentTrigger> = {
  start(all, context) {
    context.onTrack((event, data) => update(context, event, data));
    refresh = () => {
      readDataLayer(context);
      for (const { selectors, purchased } of all) {
        if (selectors) look(context, selectors);
        if (purchased && context.atPage(purchased)) context.cart.set(undefined);
      }
    };
    refresh();
    context.listen(window, "pagehide", refresh);
  },

  arm({ when = ["exit"], idle_seconds = 60, funnel = defaultFunnel, max_age_hours }, context) {
    const { fire, prepare, atPage, cart, cameFrom } = context;
    const full = () => {
      refresh();
      return (cart.get(max_age_hours)?.items ?? 0) > 0;
    };
    const leave = (reason: string) => atPage(funnel) && full() && fire(reason);
    const from = cameFrom();

    // No arming delay: a full cart on a funnel page says more than a second on the page would.
    if (when.includes("exit")) watchExit(context, leave, () => atPage(funnel) && prepare(), { arm_after_seconds: 0 });
    if (when.includes("leave_funnel") && from && atPage(funnel, from) && !atPage(funnel) && full()) fire("left_funnel");
    if (when.includes("idle")) watchIdle(context, idle_seconds, () => leave("idle"));
  },
};

/** Brings the cart up to date with the page. */
let refresh = () => {};

/** Applies a GA4 ecommerce event. */
function update({ cart }: Context, type: string, told: Ecommerce): void {
  const { value, currency, items } = told;
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
