// Made by "askwell types" from the surveys of site shop. Do not change it here: change a survey, and make it anew.
// It fills in what @askwell/sdk declares empty, so that the compiler knows each survey by its id, the
// fields that it takes, what it answers, and the events that surveys wait for.
export {};

declare global {
  interface AskwellSurveys {
    /** Why did you leave the checkout? */
    "checkout-exit": {
      hidden: {
        cart_value?: number;
        order_id?: string;
      };
      answers: {
        /** 0 to 10 */
        nps?: number;
        reason?: "price" | "delivery";
        why?: string;
      };
    };
    /** How easy was it to begin? */
    welcome: {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 7 */
        ces?: number;
      };
    };
  }

  /** Those of GA4 are known without. */
  interface AskwellEvents {
    signup: true;
  }
}
