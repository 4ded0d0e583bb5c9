// Made by "askwell types" from the surveys of site vue. Do not change it here: change a survey, and make it anew.
// It fills in what @askwell/sdk declares empty, so that the compiler knows each survey by its id, the
// fields that it takes, what it answers, and the events that surveys wait for.
export {};

declare global {
  interface AskwellSurveys {
    /** Why somebody cancels */
    cancel: {
      hidden: {
        months?: number;
        plan?: string;
      };
      answers: {
        reason?: "price" | "unused" | "missing" | "other";
        "reason.other"?: string;
        what?: string;
        mail?: string;
        "mail.consent"?: true;
      };
    };
    /** How easy the editor is */
    editor: {
      hidden: {
        pattern?: string;
      };
      answers: {
        /** 1 to 7 */
        effort?: number;
      };
    };
  }

  /** Those of GA4 are known without. */
  interface AskwellEvents {}
}
