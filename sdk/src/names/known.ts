// With a generated file what is misspelt does not compile: names.test.ts says so.

import { createAskwell, type SurveyId } from "../index.ts";
import type {} from "./askwell.d.ts";

const askwell = createAskwell({ host: "https://feedback.example", site: "shop" });
const id: SurveyId = "welcome";
askwell.show(id);
askwell.show("checkout-exit", { hidden: { order_id: "o-1", cart_value: 5 }, traits: { plan: "pro" } });
askwell.dismiss("welcome");
askwell.track("signup");
askwell.track("add_to_cart", { value: 5 });
askwell.on("completed", (survey) => survey === "welcome");
askwell.on("answered", (_, moment) => {
  if (moment.survey === "checkout-exit") moment.answers.reason === "price";
});
askwell.on("error", (survey, error) => survey ?? error.message);
window.askwell?.("show", "checkout-exit", { hidden: { order_id: "o-1" } });
window.askwell?.("on", "shown", (survey) => survey === "welcome")?.();
window.askwell?.("track", "purchase");

// @ts-expect-error: a survey's id
askwell.show("checkout-exot");
// @ts-expect-error: a hidden field's name
askwell.show("checkout-exit", { hidden: { order: "o-1" } });
// @ts-expect-error: a hidden field's type
askwell.show("checkout-exit", { hidden: { cart_value: "5" } });
// @ts-expect-error: a hidden field of a survey that has none
askwell.show("welcome", { hidden: { order_id: "o-1" } });
// @ts-expect-error: a survey's id
askwell.dismiss("welcom");
// @ts-expect-error: a tracked event's name
askwell.track("sign-up");
// @ts-expect-error: an event of on()
askwell.on("complete", () => {});
// @ts-expect-error: a survey's id that is compared
askwell.on("completed", (survey) => survey === "welcom");
askwell.on("answered", (_, moment) => {
  // @ts-expect-error: another survey's question
  if (moment.survey === "welcome") moment.answers.nps;
  // @ts-expect-error: a choice's id
  if (moment.survey === "checkout-exit") moment.answers.reason === "prize";
});
// @ts-expect-error: a survey's id
window.askwell?.("show", "checkout-exot");
// @ts-expect-error: a hidden field's name
window.askwell?.("show", "checkout-exit", { hidden: { order: "o-1" } });
// @ts-expect-error: a tracked event's name
window.askwell?.("track", "sign-up");
