import type { Explanation } from "./explanation.ts";
import type { AnswersOf, HiddenOf, SurveyId, TrackedEvent } from "./names.ts";
import type * as wire from "./wire.ts";

/** What is known about an identified user: strings, numbers and booleans by name. */
export type Traits = Record<string, string | number | boolean>;

/** What the visitor is about to buy. */
export type Cart = wire.Cart;

/** What a listener hears beside the survey's id. */
export type Moment = {
  [Id in SurveyId]: {
    /** The survey's id. */
    survey: Id;
    /** The response's id, as the collector has it. */
    response: string;
    /** All that was answered so far. */
    answers: AnswersOf<Id>;
  };
}[SurveyId];

/** What listeners hear beside the survey's id, by event. */
export type Events = {
  /** A survey was seen. */
  shown: Moment;
  /** It was answered for the first time. */
  started: Moment;
  /** It was answered, each time. */
  answered: Moment;
  /** No question is left. */
  completed: Moment;
  /** The visitor closed it before that, or skipped all of it; or dismiss() did. */
  dismissed: Moment;
  /** Something failed; where that is about no survey, its id is undefined. */
  error: Error;
};

/** What on() can hear of. */
export type EventName = keyof Events;

/** What hears of an event. */
export type Listener<Event extends EventName = EventName> = (
  survey: Event extends "error" ? SurveyId | undefined : SurveyId,
  more: Events[Event],
) => unknown;

/** How show() shows a survey. */
export type ShowOptions<Id extends SurveyId = SurveyId> = {
  /** The fields that the survey declares, such as an order's number: they come with the response, and conditions and texts may use them. */
  hidden?: HiddenOf<Id>;
  /** What is known of the visitor, for this response: beside what identify() said, or in its place. */
  traits?: Traits;
  /** Shows it in this element, in place of where its theme says. It goes with the element, and that is no dismissal. */
  into?: Element;
};

/** What a page can tell Askwell: the methods of the SDK, and of window.askwell(method, …). */
export type Api = {
  /**
   * Says who the visitor is; responses carry the user's id and traits from then on. The signature, made
   * on your server with the site's secret, proves it: HMAC-SHA256 of the user's id, in hex.
   */
  identify(user: string, traits?: Traits, signature?: string): void;
  /**
   * The user has logged out: forgets them, their cart and what they had begun to answer, and who comes
   * next is another visitor. What the browser was asked is remembered, so that nobody is asked twice.
   */
  reset(): void;
  /** Says that something happened. GA4's ecommerce names (add_to_cart, purchase …) change the cart. */
  track(event: TrackedEvent, properties?: Record<string, unknown>): void;
  /** Says what is in the cart; without one, that it is empty. */
  cart(cart?: Cart): void;
  /**
   * Says which page this is, where the address bar does not: a step of a wizard, or a screen. Routes are seen by
   * themselves. A page view begins where it is another page than before, and ends with the next one; triggers,
   * targeting and responses see this address, which may be relative. Without one: the page is that of the address bar again.
   */
  page(url?: string): void;
  /**
   * Whether the visitor agrees. On a site that requires consent nothing is stored, sent or shown before
   * true, to be said on every page view; false forgets all that is stored of the visitor, and stops.
   */
  consent(given: boolean): void;
  /**
   * Shows a live survey now, or when the one that is open is closed, whatever its triggers and frequency say.
   */
  show<Id extends SurveyId>(survey: Id, options?: ShowOptions<Id>): void;
  /** Closes the survey that is open or about to be, if it is this one, as the visitor does; without an id whichever it is. */
  dismiss(survey?: SurveyId): void;
  /** Why each live survey shows here or does not: every gate in order, and its triggers. Nothing, where there is no script. */
  explain(): Promise<Explanation[]>;
  /**
   * Calls back with the survey's id, and what there is to know. Returns what ends that. What a listener throws
   * is logged with console.error, and told to those of `error`; the page's own handlers of errors hear nothing of it.
   */
  on<Event extends EventName>(event: Event, listener: Listener<Event>): () => void;
  /** Stops everything and leaves nothing behind on the page; what was not sent yet stays stored. */
  destroy(): void;
};
