// Made by "askwell types" from the surveys of site shop. Do not change it here: change a survey, and make it anew.
// It fills in what @askwell/sdk declares empty, so that the compiler knows each survey by its id, the
// fields that it takes, what it answers, and the events that surveys wait for.
export {};

declare global {
  interface AskwellSurveys {
    /** Why did you leave the checkout? */
    "checkout-exit": {
      hidden: Record<string, never>;
      answers: {
        /** 0 to 10 */
        nps?: number;
        reason?:
          | "price"
          | "delivery_cost"
          | "delivery_time"
          | "payment_methods"
          | "not_working"
          | "account"
          | "payment_security"
          | "returns"
          | "just_looking"
          | "other";
        why?: string;
      };
    };
    /** How was placing the order? */
    "order-csat": {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 5 */
        csat?: number;
        why?: string;
      };
    };
    /** How easy was it to get help? */
    "support-ces": {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 7 */
        ces?: number;
        effort?: string;
      };
    };
  }

  /** Those of GA4 are known without. */
  interface AskwellEvents {}
}
