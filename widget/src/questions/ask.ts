import type { Answer, Question, Strings } from "../definition.ts";
import { element } from "../ui/element.ts";
import { typeOf } from "./registry.ts";

/**
 * The form of one question. `isLast` tells whether an answer would end the survey;
 * `done` is called once, with the answer or with nothing for a skipped question, and with whether
 * a field was filled in that only a program finds.
 */
export function ask(
  question: Question,
  purpose: string,
  strings: Strings,
  isLast: (answer: Answer | undefined) => boolean,
  done: (answer: Answer | undefined, trapped: boolean) => void,
): HTMLFormElement {
  const { tap, parse = String, render } = typeOf(question);
  const { required } = question;

  const controls = render(question);
  const group = element(
    "fieldset",
    {},
    element("legend", { id: "t", tabindex: -1 }, question.title),
    element("p", { id: "h" }, question.help ?? ""),
    ...controls,
  );
  /** Whose validity is told to screen readers. */
  const field = tap ? group : controls[0]!;
  const problem = element("p", { id: "e", role: "alert" });
  const button = element("button");
  const footer = element("footer", {}, problem, element("small", {}, purpose), button);
  // A trap for programs that fill in every field. Clipped instead of not displayed, which they look for; no key, no
  // screen reader and no autofill comes to it. Nothing else is called "subject" in forms that browsers remember.
  const trap = element("input", {
    name: "subject",
    class: "off",
    tabindex: -1,
    "aria-hidden": "true",
    autocomplete: "off",
  });
  const form = element("form", {}, group, footer, trap);

  if (tap) field.setAttribute("role", "radiogroup");
  if (required) field.setAttribute("aria-required", "true");
  // The help, the names of a scale's ends, and the problem: those that there are.
  field.setAttribute("aria-describedby", "h l e");

  const read = () => {
    const value = `${new FormData(form).get("a") ?? ""}`.trim();
    return value ? parse(value) : undefined;
  };

  const report = (message = "") => {
    problem.textContent = message;
    field.setAttribute("aria-invalid", `${!!message}`);
  };

  const refresh = () => {
    const answer = read();
    const skips = answer === undefined && !required;
    report();
    button.textContent = skips ? strings.skip : isLast(answer) ? strings.send : strings.next;
    // Where a tap moves on, only the keyboard needs the button: it shows when focus or a choice comes that way,
    // and is there all along for screen readers and for Enter.
    button.className = skips ? "skip" : answer === undefined && tap ? "off" : "";
  };

  const submit = () => {
    const answer = read();
    if (answer !== undefined || !required) return done(answer, !!trap.value);
    report(strings.required);
    form.querySelector<HTMLElement>("input,textarea")?.focus();
  };

  form.oninput = refresh;
  form.onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  // Arrow keys make clicks with a detail of 0: they only select. The second click of a double click
  // (2) lands on whatever question came up under the pointer: it must not answer that one unseen.
  form.onclick = ({ target, detail }) => {
    if (tap && detail === 1 && target instanceof HTMLInputElement) submit();
  };

  refresh();
  return form;
}
