import type { Definition, ExitIntentTrigger, Trigger } from "../../sdk/src/wire.ts";

/** An NPS with its reason, shown by these triggers, as often as the spec likes. */
export function npsSurvey(triggers: Trigger[], more: Partial<Definition> = {}): Definition {
  return {
    id: "nps",
    name: "NPS",
    languages: ["en", "pl"],
    purpose: { en: "Your answer helps us improve.", pl: "Twoja odpowiedź pomoże nam działać lepiej." },
    questions: [
      {
        id: "nps",
        type: "nps",
        required: true,
        title: {
          en: "How likely are you to recommend us to a friend or colleague?",
          pl: "Jak bardzo prawdopodobne jest, że polecisz nas znajomym lub współpracownikom?",
        },
        low: { en: "Not at all likely", pl: "Zupełnie nieprawdopodobne" },
        high: { en: "Extremely likely", pl: "Niezwykle prawdopodobne" },
      },
      {
        id: "why",
        type: "text",
        title: { en: "What is the main reason for your score?", pl: "Jaki jest główny powód tej oceny?" },
        show_if: { nps: { answered: true } } as never,
      },
    ],
    endings: [
      { if: { nps: { lte: 6 } } as never, title: { en: "Thank you. We are sorry.", pl: "Dziękujemy. Przepraszamy." } },
      { title: { en: "Thank you!", pl: "Dziękujemy!" } },
    ],
    triggers,
    frequency: { min_gap_days: 0 },
    ...more,
  };
}

/** Exit intent that is armed at once. */
export const exitIntent: ExitIntentTrigger = { type: "exit_intent", sensitivity: "medium", arm_after_seconds: 0 };

/** A page with nothing but a script tag and some height. */
export const plainPage = (script: string, body = "", lang = "en") =>
  `<!doctype html><html lang="${lang}"><meta name="viewport" content="width=device-width"><title>A page</title><body style="min-height:200vh"><h1>A page</h1>${body}
<script async src="${script}"></script></body></html>`;
