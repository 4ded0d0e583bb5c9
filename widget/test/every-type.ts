// A survey with every type of question, in English, for specs; in the order in which a keyboard walks it.
import type { Definition } from "../../sdk/src/wire.ts";

const letters = (...ids: string[]) => ids.map((id) => ({ id, label: `Choice ${id.toUpperCase()}` }));
export const everyType = (more: Partial<Definition> = {}): Definition => ({
  id: "every-type",
  name: "Every type",
  languages: ["en"],
  purpose: "So that we know.",
  questions: [
    {
      id: "nps",
      type: "nps",
      title: "NPS?",
      help: "Be frank.",
      low: "Not likely",
      high: "Very likely",
      required: true,
    },
    { id: "csat", type: "csat", title: "CSAT?", labels: ["Very bad", "Bad", "Neither", "Good", "Very good"] },
    { id: "ces", type: "ces", title: "CES?", low: "Very difficult", high: "Very easy" },
    { id: "rating", type: "rating", title: "Rating?", low: "Poor", high: "Great" },
    { id: "thumbs", type: "thumbs", title: "Thumbs?" },
    { id: "single", type: "single_choice", title: "Single?", choices: letters("a", "b") },
    { id: "multi", type: "multi_choice", title: "Multi?", choices: letters("a", "b", "c") },
    { id: "dropdown", type: "dropdown", title: "Dropdown?", choices: letters("a", "b", "c") },
    {
      id: "picture",
      type: "picture_choice",
      title: "Picture?",
      choices: [
        { id: "red", label: "Red", image: "/red.svg" },
        { id: "blue", label: "Blue", image: "/blue.svg" },
      ],
    },
    { id: "ranking", type: "ranking", title: "Ranking?", choices: letters("a", "b", "c") },
    { id: "matrix", type: "matrix", title: "Matrix?", rows: letters("x", "y"), columns: letters("a", "b") },
    { id: "date", type: "date", title: "Date?" },
    { id: "text", type: "text", title: "Text?", required: true, max_length: 50 },
    { id: "email", type: "email", title: "Email?", consent: "You may write to me." },
    { id: "contact", type: "contact", title: "Contact?", fields: ["name", "phone"] },
    { id: "statement", type: "statement", title: "Statement.", text: "That was all.", button: "Understood" },
  ],
  endings: [{ title: "Thank you!", text: "We read every answer." }],
  frequency: { min_gap_days: 0 },
  ...more,
});
