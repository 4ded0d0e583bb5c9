// The face of a survey: what the visitor sees.
import { endingFor, nextQuestion, visibleAnswers } from "../../sdk/src/logic.ts";
import type { Answer, Answers, FaceSurvey, Question, Strings } from "./definition.ts";
import { ask } from "./questions/ask.ts";
import { openPanel } from "./ui/panel.ts";

export type FaceHost = {
  /** Answers already given: a survey that goes on after a reload starts at the first question left. */
  answers: Answers;
  /**
   * After each answer, with all answers of visible questions. `done`: no question is left. `trap`: a
   * field that no person sees was filled in, now or before.
   */
  answered(answers: Answers, done: boolean, trap: true | undefined): void;
  /** The panel is gone, by whomever; called once. */
  closed(): void;
};

export type Face = {
  /** Removes everything from the page. */
  close(): void;
};

/** mark: stands on the panel where it is no visitor's, as in test mode. */
export function mount(survey: FaceSurvey, strings: Strings, language: string, host: FaceHost, mark: string): Face {
  const { questions } = survey;
  let trap: true | undefined;
  const panel = openPanel(survey.theme ?? {}, strings, language, mark, () => host.closed());

  const go = (answers: Answers, question: Question | undefined): void => {
    if (!question) {
      host.answered(answers, true, trap);
      const ending = endingFor(survey.endings, answers);
      panel.end(ending?.title ?? strings.thanks, ending?.text ?? "");
      return;
    }
    const after = (answer: Answer | undefined) => {
      const given = visibleAnswers(questions, { ...answers, [question.id]: answer });
      let next = nextQuestion(questions, given, question.id);
      // After a reload, answers may lie ahead of a question that was skipped: nothing is asked twice.
      while (next && next.id in given) next = nextQuestion(questions, given, next.id);
      return { given, next };
    };
    const form = ask(
      question,
      survey.purpose ?? "",
      strings,
      (answer) => !after(answer).next,
      (answer, trapped) => {
        if (trapped) trap = true;
        const { given, next } = after(answer);
        if (next && answer !== undefined) host.answered(given, false, trap);
        go(given, next);
      },
    );
    panel.show(form);
  };

  const answers = visibleAnswers(questions, host.answers);
  go(answers, nextQuestion(questions, answers));
  return { close: panel.close };
}
