import type { CartAbandonmentTrigger, CartSelectors } from "../../../sdk/src/wire.ts";
import { readDataLayer } from "../helpers/data-layer.ts";
import { watchExit } from "../helpers/exit.ts";
import { watchIdle } from "../helpers/idle.ts";
import { parseNumber } from "../parse-number.ts";
import type { Context, Trigger } from "./trigger.ts";

/** The data of a GA4 ecommerce event. Any of it may be missing or of another type. */
type Ecommerce = { value?: unknown; currency?: unknown; items?: unknown };

/** WooCommerce, Shopify, Magento and others. */
const defaultPurchased = ["*order-received*", "*thank*you*", "*checkout*success*"];
const defaultFunnel = ["*cart*", "*basket*", "*checkout*"];

/** Milliseconds in which the page after the checkout may say that it is the page after a purchase. */
const purchaseComes = 2_000;

/** Brings the cart up to date with the page. */
let refresh = () => {};
/** The page on which something was bought: the cart that it still shows is the old one. */
let bought: string | undefined;

/**
 * Fires when a visitor with something in the cart is about to give up. The cart is known from the
 * SDK's cart(), from GA4 events, or from selectors; a purchase empties it.
 */
export const trigger: Trigger<CartAbandonmentTrigger> = {
  start(all, context) {
    const { cart, atPage } = context;
    const age = Math.max(...all.map(({ max_age_hours = 24 }) => max_age_hours));
    context.onTrack((event, data) => {
      refresh(); // what came before it
      update(cart, age, event, data);
    });
    refresh = () => {
      readDataLayer(context);
      if (all.some(({ purchased = defaultPurchased }) => atPage(purchased))) cart.set(undefined);
      else
        for (const { selectors } of all) {
          try {
            look(cart, selectors);
          } catch {
            // A selector that is none: arm() says so.
          }
        }
    };
    context.listen(window, "pagehide", refresh);
  },

  arm({ when = ["exit"], idle_seconds = 60, funnel = defaultFunnel, max_age_hours, selectors }, context) {
    const { fire, prepare, atPage, cart, after } = context;
    const full = () => {
      refresh();
      const { items = 0, value = 0 } = cart.get(max_age_hours) ?? {};
      return items > 0 || value > 0;
    };
    const leave = (reason: string) => full() && fire(reason);
    const from = context.cameFrom();

    look(cart, selectors);
    refresh(); // a route of a single-page app may be the page after a purchase
    if (atPage(funnel)) {
      // No arming delay: a full cart on a funnel page says more than a second on the page would.
      if (when.includes("exit"))
        watchExit(context, leave, prepare, {
          // Not on coming back: that may be from the app of a bank.
          signals: ["pointer_top", "scroll_up"],
          arm_after_seconds: 0,
        });
      if (when.includes("idle")) watchIdle(context, idle_seconds, () => leave("idle"));
    } else if (when.includes("leave_funnel") && from && atPage(funnel, from) && full()) {
      prepare();
      after(purchaseComes, () => leave("left_funnel"));
    }
  },
};

/** Applies a GA4 ecommerce event. */
function update(cart: Context["cart"], age: number, type: string, { value, currency, items }: Ecommerce): void {
  const told = Array.isArray(items) ? items : undefined;
  // A quantity that is not told is 1.
  const sum = (of: (item: Record<string, unknown>) => number) =>
    told?.reduce<number>((sum, item) => sum + of(item) * (Number(item.quantity) || 1), 0);
  const now = cart.get(age);
  const change = {
    value: Number(value) || sum(({ price }) => Number(price) || 0) || 0,
    items: sum(() => 1) ?? 1,
    currency: typeof currency === "string" ? currency : now?.currency,
  };
  const set = (value: number, items: number) =>
    cart.set({
      // To the thousandth: sums of prices are not exact.
      value: items > 0 ? Math.max(0, Math.round(value * 1e3) / 1e3) : 0,
      items: Math.max(0, items),
      currency: change.currency,
    });
  const sign = type === "add_to_cart" ? 1 : type === "remove_from_cart" ? -1 : 0;
  if (sign) set((now?.value ?? 0) + sign * change.value, (now?.items ?? 0) + sign * change.items);
  else if (type === "view_cart" || type === "begin_checkout") {
    // One that does not say what is in the cart says only that there is something.
    if (told || value !== undefined || !now) set(change.value, value === 0 ? 0 : change.items);
  } else if (type === "purchase") {
    bought = location.href;
    cart.set(undefined);
  }
}

/** Reads the cart that the page shows. */
function look(cart: Context["cart"], selectors: CartSelectors = {}): void {
  const number = (selector?: string) => parseNumber(selector && document.querySelector(selector)?.textContent);
  const value = number(selectors.value);
  const items = number(selectors.items) ?? (value && 1);
  if (bought === location.href || items === undefined) return;
  if (items) cart.set({ value: value ?? 0, items, currency: selectors.currency });
  else cart.set(undefined);
}
