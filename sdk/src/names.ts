import type { Answers } from "./answers.ts";
import type { Traits } from "./api.ts";

declare global {
  /** The site's surveys by id: `askwell types` writes what stands in here, from the survey files. */
  interface AskwellSurveys {}
  /** The events that the surveys' triggers wait for, by name, beside GA4's: `askwell types` writes them too. */
  interface AskwellEvents {}
}

/** The id of a survey: any text, where the site's surveys are not known. */
export type SurveyId = keyof AskwellSurveys extends never ? string : keyof AskwellSurveys & string;

/** The name of an event that something waits for: any text, where the site's surveys are not known. */
export type TrackedEvent = keyof AskwellSurveys extends never ? string : (keyof AskwellEvents & string) | GA4Event;

/** What a survey declares of one kind; Unknown where the site's surveys are not known. */
type Of<Id, Kind extends string, Unknown> = Id extends keyof AskwellSurveys
  ? AskwellSurveys[Id] extends Record<Kind, infer Known>
    ? Known
    : Unknown
  : Unknown;

/** The fields that the page may pass to a survey. */
export type HiddenOf<Id extends SurveyId> = Of<Id, "hidden", Traits>;

/** The answers to a survey, by question. */
export type AnswersOf<Id extends SurveyId> = Of<Id, "answers", Answers>;

/** The events that GA4 recommends: the ecommerce ones keep the cart, and a conversion may be any. */
export type GA4Event =
  | "add_payment_info"
  | "add_shipping_info"
  | "add_to_cart"
  | "add_to_wishlist"
  | "begin_checkout"
  | "close_convert_lead"
  | "close_unconvert_lead"
  | "disqualify_lead"
  | "earn_virtual_currency"
  | "generate_lead"
  | "join_group"
  | "level_end"
  | "level_start"
  | "level_up"
  | "login"
  | "post_score"
  | "purchase"
  | "qualify_lead"
  | "refund"
  | "remove_from_cart"
  | "search"
  | "select_content"
  | "select_item"
  | "select_promotion"
  | "share"
  | "sign_up"
  | "spend_virtual_currency"
  | "tutorial_begin"
  | "tutorial_complete"
  | "unlock_achievement"
  | "view_cart"
  | "view_item"
  | "view_item_list"
  | "view_promotion"
  | "working_lead";
