import { own } from "../../../sdk/src/answers.ts";
import type { Answers, Question } from "../definition.ts";
import { element } from "../helpers/element.ts";
import { link } from "../helpers/link.ts";
import type { QuestionType, Scope } from "./type.ts";

/** What the form of a question tells. */
export type Asked = {
  /** Whether these answers, those of this question among them, would end the survey. */
  isLast(answers: Answers): boolean;
  /** Called once, with what was answered here: nothing where the question was skipped. */
  done(answers: Answers, trapped: boolean): void;
  /** To the question before, with what stands here so far; undefined: there is none. */
  back: ((draft: Answers) => void) | undefined;
};

/** What stands under a question: what the answer is for, and where it is said what becomes of it. */
export type Small = { purpose: string; privacy: string };

/** The form of one question; before: its answers, if it was answered, or what is filled in. */
export function ask(
  question: Question,
  type: QuestionType,
  scope: Scope,
  before: Answers,
  small: Small,
  { isLast, done, back }: Asked,
): HTMLFormElement {
  const { id, required } = question;
  const { tap, tells, changed, refuse, parse = ([value]: string[]) => value } = type;
  const { strings } = scope;

  const group = element(
    "fieldset",
    {},
    element("legend", { id: "t", tabindex: -1, part: "title" }, question.title),
    element("p", { id: "h", part: "help" }, question.help ?? ""),
    ...type.render(question, scope),
  );
  const controls = [...group.querySelectorAll<HTMLInputElement>("input,textarea,select")];
  const problem = element("p", { id: "e", role: "alert", part: "problem" });
  const button = element("button", { part: "button" });
  const previous = element("button", { type: "button", class: "skip", part: "back" }, strings.back);
  const footer = element(
    "footer",
    { role: "none" },
    problem,
    back ? previous : "",
    element(
      "small",
      {},
      small.purpose,
      small.privacy && " ",
      small.privacy && link(small.privacy, strings.privacy, strings),
    ),
    button,
  );
  previous.onclick = () => back!(read());
  // A trap for programs that fill in every field. Clipped instead of not displayed, which they look for; no key, no
  // screen reader and no autofill comes to it. Nothing else is called "subject" in forms that browsers remember.
  const trap = element("input", {
    name: "subject",
    class: "off",
    tabindex: -1,
    "aria-hidden": "true",
    autocomplete: "off",
  });
  // What is wrong is said in the survey's language, beside the field: not by the browser, in a bubble.
  const form = element("form", { novalidate: "" }, group, footer, trap);

  /** Whose validity is told to screen readers: of the one field, which may have a tick beside it, or of all together. */
  const [lone, ...others] = controls.filter(({ name }) => name !== "consent");
  const field = lone && !others.length ? lone : group;
  /** And each that tells its own: there the message belongs to the one that the browser finds wrong. */
  const told = [field, ...controls.filter((control) => control.hasAttribute("aria-invalid"))];
  if (tap) field.setAttribute("role", "radiogroup");
  if (required && tap) field.setAttribute("aria-required", "true");
  if (required && field === lone) lone.required = true;
  // The progress, the help, the names of a scale's ends, the counter, and the problem: those that there are.
  field.setAttribute("aria-describedby", "p h l c e");

  const { [id]: given } = before;
  for (const control of controls) {
    const { name, type } = control;
    const value =
      name === "a"
        ? given
        : name.startsWith("a.")
          ? own(given as { [part: string]: string }, name.slice(2))
          : before[`${id}.${name}`];
    if (value == null) continue;
    if (/radio|box/.test(type)) control.checked = [value].flat().map(String).includes(control.value);
    else control.value = `${value as string}`;
  }

  const read = (): Answers => {
    const data = new FormData(form);
    const values = data
      .getAll("a")
      .map((value) => `${value as string}`.trim())
      .filter(Boolean);
    const written = `${(data.get("other") as string) ?? ""}`.trim();
    const answer = tap && !values[0] ? undefined : parse(values, form);
    // An empty list, or text, is no answer.
    return !`${(answer ?? "") as string}`
      ? {}
      : {
          [id]: answer,
          [`${id}.other`]: written || undefined,
          [`${id}.consent`]: data.has("consent") || undefined,
        };
  };

  const report = (message = "") => {
    problem.textContent = message;
    const wrong = told.find((one) => !one.validity.valid) ?? field;
    for (const one of told) one.setAttribute("aria-invalid", `${!!message && one === wrong}`);
    return wrong === group ? (controls.find(({ validity }) => !validity.valid) ?? controls[0]) : (wrong as HTMLElement);
  };

  const refresh = (control?: HTMLInputElement) => {
    report();
    changed?.(form, question, scope, control);
    const answers = read();
    const empty = answers[id] === undefined;
    const skips = empty && !required && !tells && !controls.some(({ validity }) => validity.badInput); // half a date
    button.textContent =
      (tells && (question as { button?: string }).button) ||
      (skips ? strings.skip : isLast(answers) ? strings.send : strings.next);
    // Where a tap moves on, only the keyboard needs the button: it shows when focus or a choice comes that way,
    // and is there all along for screen readers and for Enter.
    button.className = skips ? "skip" : empty && tap ? "off" : "";
  };

  const submit = () => {
    const answers = read();
    const answer = answers[id];
    const wrong = refuse?.(answer, question, scope, form) || (answer === undefined && required && strings.required);
    if (!wrong) return done(answers, !!trap.value);
    refresh(); // no event told that half a date was typed
    report(wrong)?.focus();
  };

  form.oninput = ({ target }) => refresh(target as HTMLInputElement);
  form.onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  // Arrow keys make clicks with a detail of 0: they only select. The second click of a double click
  // (2) lands on whatever question came up under the pointer: it must not answer that one unseen.
  form.onclick = ({ target, detail }) => {
    const { type } = target as HTMLInputElement;
    if (!tap || detail !== 1 || type !== "radio") return;
    // The input event comes after the click; and beside some choices there is something to write first.
    refresh(target as HTMLInputElement);
    if (!form.querySelector("[name=other]:enabled")) submit();
  };

  refresh();
  return form;
}
