import type { Cart, CartAbandonmentTrigger } from "../../../sdk/src/wire.ts";
import { readDataLayer } from "../helpers/data-layer.ts";
import { watchExit } from "../helpers/exit.ts";
import { matchesGlobs } from "../helpers/glob.ts";
import { watchIdle } from "../helpers/idle.ts";
import { parseNumber } from "../parse-number.ts";
import type { Trigger } from "./trigger.ts";

/** The data of a GA4 ecommerce event. Any of it may be missing or of another type. */
type Ecommerce = { value?: unknown; currency?: string; items?: unknown };

/** WooCommerce, Shopify, Magento and others. */
const defaultPurchased = ["*order-received*", "*thank*you*", "*checkout*success*"];
const defaultFunnel = ["*cart*", "*basket*", "*checkout*"];

/** What an event does to the cart: add to it, take away, or tell of all that is in it. */
const signs: Record<string, number> = { add_to_cart: 1, remove_from_cart: -1, view_cart: 0, begin_checkout: 0 };

/** Milliseconds in which the page after the checkout may say that it is the page after a purchase. */
const purchaseComes = 2_000;

/** Brings the cart up to date with the page, as these know it. It throws where a selector is none. */
let read: (of: CartAbandonmentTrigger[]) => void;
/** The page on which something was bought: the cart that it still shows is the old one. */
let bought: string | undefined;

/**
 * Fires when a visitor with something in the cart is about to give up. The cart is known from the
 * SDK's cart(), from GA4 events, or from selectors; a purchase empties it.
 */
export const trigger: Trigger<CartAbandonmentTrigger> = {
  start(all, context) {
    const { cart, listen, onTrack, here, route } = context;

    const set = (value: number, items: number, currency: string | undefined) =>
      cart.set(items > 0 ? { value, items, currency } : undefined);
    /** Applies a GA4 ecommerce event. */
    const hear = (event: string, { value, currency, items }: Ecommerce): void => {
      if (event === "purchase") {
        bought = here().href;
        cart.set(undefined);
      }
      const sign = signs[event]!;
      // One that does not say what is in the cart is of one thing; a look at the cart that says nothing is none.
      const told = Array.isArray(items) ? items : sign || value ? [{}] : undefined;
      if (!told || !(sign >= -1)) return;
      // As long as the first of them remembers it.
      const now = (sign && cart.get(all[0]!.max_age_hours)) || ({ value: 0, items: 0 } as Cart);
      let worth = 0;
      let count = 0;
      for (const { price, quantity } of told) {
        const number = +quantity || 1; // one that is not told
        worth += number * price || 0;
        count += number;
      }
      worth = now.value + (sign || 1) * (Number(value) || worth);
      // To the thousandth: sums of prices are not exact.
      set(+worth.toFixed(3), now.items + (sign || 1) * count, currency ?? now.currency);
    };

    read = (of) => {
      readDataLayer(context);
      for (const { purchased = defaultPurchased, selectors = {} } of of) {
        const number = (selector?: string) => parseNumber(selector && document.querySelector(selector)?.textContent);
        const value = number(selectors.value);
        const items = number(selectors.items) ?? (value && 1);
        if (matchesGlobs(purchased, route())) hear("purchase", {});
        else if (items !== undefined && bought !== here().href) set(value ?? 0, items, selectors.currency);
      }
    };
    const readAll = () => read(all);
    onTrack(readAll); // what came before it
    onTrack(hear);
    listen(window, "pagehide", readAll);
  },

  arm(options, context) {
    const { when = ["exit"], idle_seconds = 60, funnel = defaultFunnel, max_age_hours } = options;
    const { fire, prepare, route, cart, after, cameFrom } = context;
    const leave = (reason: string) => {
      read([options]);
      const now = cart.get(max_age_hours);
      if (now && (now.items ?? now.value) > 0) fire(reason);
    };

    read([options]);
    if (matchesGlobs(funnel, route())) {
      // No arming delay: a full cart on a funnel page says more than a second on the page would.
      if (when.includes("exit")) watchExit(context, leave, prepare);
      if (when.includes("idle")) watchIdle(context, idle_seconds, () => leave("idle"));
    } else if (when.includes("leave_funnel") && matchesGlobs(funnel, cameFrom() ?? ""))
      after(purchaseComes, () => leave("left_funnel"));
  },
};
