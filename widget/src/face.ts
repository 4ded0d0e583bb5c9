// The face of a survey: what the visitor sees.
import { endingFor, walk } from "../../sdk/src/logic.ts";
import type { Answer, Answers, FaceSurvey, Question, Strings } from "./definition.ts";
import { ask } from "./questions/ask.ts";
import { openPanel } from "./ui/panel.ts";

/** A survey and the interface's words, in one language. */
type Texts = { survey: FaceSurvey; strings: Strings; language: string };

export type FaceHost = {
  /** Answers already given: a survey that goes on after a reload starts at the first question left. */
  answers: Answers;
  /** After each answer, with all answers of visible questions. `done`: no question is left. */
  answered(answers: Answers, done: boolean): void;
  /** A field that no person sees was filled in; what is answered comes after. */
  trapped(): void;
  /** The panel is gone, by whomever; called once. */
  closed(): void;
};

/** mark: stands on the panel where it is no visitor's, as in test mode. Returns what removes everything from the page. */
export function mount({ survey, strings, language }: Texts, host: FaceHost, mark: string): () => void {
  const { questions } = survey;
  const panel = openPanel(survey.theme ?? {}, strings, language, mark, () => host.closed());

  const go = (answers: Answers, question: Question | undefined): void => {
    if (!question) {
      host.answered(answers, true);
      const { title, text = "" } = endingFor(survey.endings, answers) ?? { title: strings.thanks };
      panel.end(title, text);
      return;
    }
    const { id } = question;
    const after = (answer: Answer | undefined) => walk(questions, { ...answers, [id]: answer }, id);
    const form = ask(
      question,
      survey.purpose ?? "",
      strings,
      (answer) => !after(answer).next,
      (answer, trapped) => {
        if (trapped) host.trapped();
        const { kept, next } = after(answer);
        if (next && answer !== undefined) host.answered(kept, false);
        go(kept, next);
      },
    );
    panel.show(form);
  };

  const { kept, next } = walk(questions, host.answers);
  go(kept, next);
  return panel.close;
}
