// A survey of Askwell's that looks like nothing of Askwell's: its texts, logic, checks and queue, and our own markup.
import type { Problem, Survey } from "@askwell/sdk/headless";
import { useSurvey } from "@askwell/sdk/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { where } from "./where.ts";

type Asked = NonNullable<Survey["question"]>;

export function RideSurvey({ bike, minutes }: { bike: string; minutes: number }) {
  const { survey } = useSurvey({ ...where, survey: "ride", user: "rider-7", hidden: { bike, minutes } });
  // A survey that does not open, or that was closed, is no loss to who came for a bike.
  if (!survey || (!survey.question && !survey.ending)) return null;
  const { question, ending, progress } = survey;
  return (
    <section className="survey" aria-label="Your opinion">
      {ending && (
        <div role="status" className="ending">
          <h2>{ending.title}</h2>
          {ending.text && <p>{ending.text}</p>}
        </div>
      )}
      {question && (
        <>
          <button type="button" className="close" aria-label={survey.words.close} onClick={survey.dismiss}>
            ×
          </button>
          <progress value={progress.n - 1} max={progress.total} aria-label="Progress" />
          <Ask key={question.id} survey={survey} question={question} />
        </>
      )}
    </section>
  );
}

function Ask({ survey, question }: { survey: Survey<"ride">; question: Asked }) {
  const [value, setValue] = useState(survey.value as number | string | undefined);
  const [problems, setProblems] = useState<Problem[]>([]);
  const title = useRef<HTMLHeadingElement>(null);
  const isFirst = survey.progress.n === 1;
  useEffect(() => {
    if (!isFirst) title.current?.focus(); // who answered the first is told of the second
  }, [isFirst]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = survey.answer(value);
    setProblems(wrong.length ? wrong : survey.next());
  };
  const { words } = survey;
  return (
    <form noValidate onSubmit={submit} aria-describedby="problem">
      <h2 id="title" ref={title} tabIndex={-1}>
        {question.title}
      </h2>
      {question.help && <p className="help">{question.help}</p>}
      {question.type === "nps" && (
        <Road low={question.low} high={question.high} value={value as number | undefined} onChange={setValue} />
      )}
      {question.type === "text" && (
        <textarea
          aria-labelledby="title"
          rows={3}
          maxLength={question.max_length}
          placeholder={question.placeholder}
          value={value ?? ""}
          onChange={({ target }) => setValue(target.value)}
        />
      )}
      <p role="alert" id="problem">
        {problems.map(({ message }) => message).join(" ")}
      </p>
      <footer>
        {!isFirst && (
          <button type="button" className="quiet" onClick={survey.back}>
            {words.back}
          </button>
        )}
        <small>{survey.purpose}</small>
        <button type="submit">
          {value === undefined && !question.required ? words.skip : survey.isLast(value) ? words.send : words.next}
        </button>
      </footer>
    </form>
  );
}

/** From 0 to 10, as a road: radios, so that arrow keys ride along it. */
function Road(props: { low?: string; high?: string; value: number | undefined; onChange(value: number): void }) {
  return (
    <fieldset className="road" aria-labelledby="title" aria-describedby="ends">
      <div className="stops">
        {Array.from({ length: 11 }, (_, point) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the point, which never changes
          <label key={point} className={point < (props.value ?? -1) ? "passed" : undefined}>
            <input
              type="radio"
              name="nps"
              value={point}
              checked={point === props.value}
              onChange={() => props.onChange(point)}
            />
            <span>{point}</span>
          </label>
        ))}
      </div>
      <p id="ends" className="ends">
        <span>{props.low}</span>
        <span>{props.high}</span>
      </p>
    </fieldset>
  );
}
