import type { Explanation } from "./explanation.ts";
import type { Cart } from "./wire.ts";

/** What is known about an identified user: strings, numbers and booleans by name. */
export type Traits = Record<string, string | number | boolean>;

/** What on() can hear of. */
export type EventName = "shown" | "answered" | "completed" | "dismissed" | "error";

/** What a page can tell Askwell: the methods of the SDK, and of window.askwell(method, …). */
export type Api = {
  /**
   * Says who the visitor is; responses carry the user's id and traits from then on. The signature, made
   * on your server with the site's secret, proves it: HMAC-SHA256 of the user's id, in hex.
   */
  identify(user: string, traits?: Traits, signature?: string): void;
  /** Says that something happened. GA4's ecommerce names (add_to_cart, purchase …) change the cart. */
  track(event: string, properties?: Record<string, unknown>): void;
  /** Says what is in the cart; without one, that it is empty. */
  cart(cart?: Cart): void;
  /**
   * Whether the visitor agrees. On a site that requires consent nothing is stored, sent or shown before
   * true, to be said on every page view; false forgets all that is stored of the visitor, and stops.
   */
  consent(given: boolean): void;
  /**
   * Shows a live survey now, whatever its triggers and frequency say. hidden: the fields that the survey declares,
   * such as an order's number; they come with the response, and conditions and texts may use them.
   */
  show(survey: string, options?: { hidden?: Traits }): void;
  /** Why each live survey shows here or does not: every gate in order, and its triggers. */
  explain(heard?: (surveys: Explanation[]) => void): void;
  /** Calls back with the survey's id. */
  on(event: EventName, listener: (survey: string) => void): void;
  /** Stops everything and leaves nothing behind on the page; what was not sent yet stays stored. */
  destroy(): void;
};
