// Made by "askwell types" from the surveys of site react. Do not change it here: change a survey, and make it anew.
// It fills in what @askwell/sdk declares empty, so that the compiler knows each survey by its id, the
// fields that it takes, what it answers, and the events that surveys wait for.
export {};

declare global {
  interface AskwellSurveys {
    /** Feedback from the header */
    feedback: {
      hidden: Record<string, never>;
      answers: {
        /** 1 to 5 */
        satisfied?: number;
        say?: string;
      };
    };
    /** Was the help helpful? */
    helpful: {
      hidden: {
        article?: string;
      };
      answers: {
        helped?: boolean;
        missing?: string;
      };
    };
    /** After a ride */
    ride: {
      hidden: {
        bike?: string;
        minutes?: number;
      };
      answers: {
        /** 0 to 10 */
        nps?: number;
        why?: string;
      };
    };
  }

  /** Those of GA4 are known without. */
  interface AskwellEvents {}
}
