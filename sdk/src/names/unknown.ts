// Without a generated file any name goes: names.test.ts says so.
import { createAskwell, type SurveyId } from "../index.ts";
import { createClient } from "../server.ts";

const askwell = createAskwell({ host: "https://feedback.example", site: "shop" });
const id: SurveyId = `${Math.random()}`;
askwell.show(id, { hidden: { order_id: "o-1" } });
askwell.track("anything", { at: new Date() });
askwell.on("completed", (survey, { answers }) => [survey.length, answers.nps === 9]);
window.askwell?.("show", id, { hidden: { order_id: "o-1" } });
createClient({ host: "https://feedback.example", site: "shop", key: "ask_1" }).send(id, { answers: { anything: 1 } });
window.askwell?.("explain", (surveys) => surveys.length);

// @ts-expect-error: an event of on()
askwell.on("complete", () => {});
// @ts-expect-error: hidden fields are texts, numbers and booleans
askwell.show(id, { hidden: { at: new Date() } });
