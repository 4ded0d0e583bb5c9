// The face of a survey: what the visitor sees.
import { isAnswered, own } from "../../sdk/src/answers.ts";
import type { Facts } from "../../sdk/src/condition.ts";
import { endingFor, pathTo, walk } from "../../sdk/src/logic.ts";
import type { Answer, Answers, FaceSurvey, Question, Strings } from "./definition.ts";
import { ask } from "./questions/ask.ts";
import type { QuestionType } from "./questions/type.ts";
import { createPanel, type Place } from "./ui/panel.ts";

/** A survey and the interface's words, in one language. */
export type Texts = { survey: FaceSurvey; strings: Strings; language: string; dir?: "rtl"; digits?: string };

/** What the collector joins to the face, of what only some surveys need. */
export type Parts = {
  types: Partial<Record<Question["type"], QuestionType>>;
  place?: Place;
  /** The values of the style sheet's variables. */
  theme: string;
  /** The rules of a theme of compact density. */
  compact?: string;
  /** For questions that have fields. */
  fields?: { css: string; watch(card: HTMLElement): () => void };
  /** Puts answers, traits and the like into the texts of a question, or an ending. */
  pipe?<T>(part: T, survey: FaceSurvey, answers: Answers, facts: Facts, texts: Texts): T;
};

export type FaceHost = {
  /** Answers already given: a survey that goes on after a reload starts at the first question left. */
  answers: Answers;
  /** What conditions and texts may ask about, besides answers. */
  facts: Facts;
  /** After each answer, with all answers of visible questions. `done`: no question is left. */
  answered(answers: Answers, done: boolean): void;
  /** The ending came, and no answer, though there were questions. */
  skipped(): void;
  /** A field that no person sees was filled in; what is answered comes after. */
  trapped(): void;
  /** The panel is gone, by whomever; called once. gone: the page has taken it away. */
  closed(gone?: boolean): void;
};

/** A survey that is made, and not on the page yet. */
export type Face = {
  /** Puts it on the page. Throws where there is no place for it. */
  stand(): void;
  /** Removes everything from the page. */
  close(): void;
};

/** mark: stands on the panel where it is no visitor's, as in test mode. */
export function createFace(texts: Texts, parts: Parts, host: FaceHost, mark: string): Face {
  const { survey, strings, language, digits } = texts;
  const { questions, purpose = "", privacy_url: privacy = "" } = survey;
  const { facts } = host;
  const panel = createPanel(texts, parts, mark, host.closed);
  const number = (n: number) => `${n}`.replace(/\d/g, (digit) => digits?.[+digit] ?? digit);
  const piped = <T>(part: T, answers: Answers): T =>
    parts.pipe ? parts.pipe(part, survey, answers, facts, texts) : part;

  /** What was begun and left by Back: no answers, but nobody writes a thing twice. */
  let drafts: Answers = {};
  /** Something was asked, and not told alone. */
  let asks = false;

  const go = (answers: Answers, question: Question | undefined): void => {
    if (!question) {
      if (asks && !isAnswered(answers as Answer)) host.skipped();
      else host.answered(answers, true);
      panel.end(piped(endingFor(survey.endings, answers, facts) ?? { title: strings.thanks }, answers));
      return;
    }
    const { id, prefill } = question;
    const path = pathTo(questions, answers, id, facts);
    const place = path.indexOf(id);
    const type = parts.types[question.type]!;
    asks ||= !type.tells;
    /** All of these, but of this question what was given now. */
    const anew = (all: Answers, given: Answers): Answers => ({
      ...all,
      [id]: undefined,
      [`${id}.other`]: undefined,
      [`${id}.consent`]: undefined,
      ...given,
    });
    /** What is so once this question was answered, anew or for the first time. */
    const after = (given: Answers) => walk(questions, anew(answers, given), id, facts);
    const filled = prefill && (prefill.value ?? own(facts.trait, prefill.trait!) ?? own(facts.hidden, prefill.hidden!));
    const before: Answers = { [id]: filled as string, ...drafts, ...answers };
    const form = ask(
      piped(question, answers),
      type,
      { strings, language, number, answer: before[id] },
      before,
      { purpose: piped(question.purpose ?? purpose, answers), privacy },
      {
        isLast: (given) => !after(given).next,
        done(given, trapped) {
          if (trapped) host.trapped();
          drafts = anew(drafts, {}); // what was cleared does not come back
          const { kept, next } = after(given);
          if (next && (given[id] !== undefined || answers[id] !== undefined)) host.answered(kept, false);
          go(kept, next);
        },
        back:
          place > 0
            ? (draft) => {
                drafts = anew(drafts, draft);
                go(
                  answers,
                  questions.find((one) => one.id === path[place - 1]),
                );
              }
            : undefined,
      },
    );
    const [n, total] = [place + 1, path.length];
    const told = total > 1 ? strings.progress.replace("{n}", number(n)).replace("{total}", number(total)) : "";
    panel.show(form, told, n / total);
  };

  const { kept, next } = walk(questions, host.answers, undefined, facts);
  if (next) go(kept, next);
  return {
    stand() {
      panel.stand();
      if (!next) go(kept, next); // says that it was answered: not before it is there
    },
    close: panel.close,
  };
}
