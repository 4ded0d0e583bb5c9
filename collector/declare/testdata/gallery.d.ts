// Made by "askwell types" from the surveys of site gallery. Do not change it here: change a survey, and make it anew.
// It fills in what @askwell/sdk declares empty, so that the compiler knows each survey by its id, the
// fields that it takes, what it answers, and the events that surveys wait for.
export {};

declare global {
  interface AskwellSurveys {
    /** A bar at the bottom */
    bar: {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 7 */
        ces?: number;
        why?: string;
      };
    };
    /** In the corner at the bottom left */
    "bottom-left": {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 5 */
        csat?: number;
        why?: string;
      };
    };
    /** In the corner at the bottom right */
    "bottom-right": {
      hidden: Record<string, never>;
      answers: {
        /** 0 to 10 */
        nps?: number;
        why?: string;
      };
    };
    /** Compact */
    compact: {
      hidden: Record<string, never>;
      answers: {
        why?: ("work" | "school" | "home" | "other")[];
        "why.other"?: string;
        what?: string;
      };
    };
    /** Dark */
    dark: {
      hidden: Record<string, never>;
      answers: {
        /** 0 to 10 */
        nps?: number;
        why?: string;
      };
    };
    /** Every type of question */
    "every-type": {
      hidden: {
        type?: string;
      };
      answers: {
        /** 0 to 10 */
        nps?: number;
        /** 1 to 5 */
        csat?: number;
        /** 1 to 7 */
        ces?: number;
        /** 1 to 5 */
        rating?: number;
        thumbs?: boolean;
        single_choice?: "gift" | "replace" | "browse" | "other";
        "single_choice.other"?: string;
        multi_choice?: ("price" | "quality" | "delivery" | "none")[];
        dropdown?: "at" | "cz" | "de" | "pl" | "sk";
        picture_choice?: "mug" | "bowl" | "teapot";
        /** The best first */
        ranking?: ("search" | "photos" | "checkout")[];
        matrix?: {
          order?: "bad" | "fair" | "good";
          delivery?: "bad" | "fair" | "good";
          packaging?: "bad" | "fair" | "good";
        };
        /** YYYY-MM-DD */
        date?: string;
        text?: string;
        email?: string;
        "email.consent"?: true;
        contact?: { name?: string; email?: string; phone?: string; company?: string };
        "contact.consent"?: true;
      };
    };
    /** In the page */
    inline: {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 5 */
        helpful?: number;
        why?: string;
      };
    };
    /** Six languages */
    languages: {
      hidden: Record<string, never>;
      answers: {
        /** 0 to 10 */
        nps?: number;
        reason?: "quality" | "price" | "other";
        "reason.other"?: string;
        why?: string;
      };
    };
    /** Light */
    light: {
      hidden: Record<string, never>;
      answers: {
        /** 0 to 10 */
        nps?: number;
        why?: string;
      };
    };
    /** Over the page */
    modal: {
      hidden: Record<string, never>;
      answers: {
        reason?: "price" | "unused" | "missing" | "other";
        "reason.other"?: string;
        back?: string;
      };
    };
    /** All of the page */
    page: {
      hidden: Record<string, never>;
      answers: {
        matters?: ("faster" | "offline" | "dark" | "none")[];
        wish?: string;
      };
    };
    /** The page's font */
    "page-font": {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 5 */
        stars?: number;
        more?: string;
      };
    };
    /** Round and bright */
    round: {
      hidden: Record<string, never>;
      answers: {
        why?: "friend" | "search" | "shop";
        where?: string;
      };
    };
    /** Square */
    square: {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 7 */
        ces?: number;
        why?: string;
      };
    };
    /** In the corner at the top left */
    "top-left": {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 5 */
        stars?: number;
        why?: string;
      };
    };
    /** In the corner at the top right */
    "top-right": {
      hidden: Record<string, never>;
      answers: {
        helpful?: boolean;
        missing?: string;
      };
    };
  }

  /** Those of GA4 are known without. */
  interface AskwellEvents {}
}
