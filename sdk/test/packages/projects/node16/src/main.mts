import { createAskwell, type Explanation, walk } from "@askwell/sdk";
import { start } from "@askwell/widget";

const askwell = createAskwell({ host: "http://collector.example", site: "node16", load: start });
askwell.identify("u-42", { plan: "pro" });
askwell.cart({ value: 49.9, currency: "EUR", items: 2 });
askwell.on("completed", (survey) => console.log(survey));
// @ts-expect-error there is no such event
askwell.on("complete", () => {});
// @ts-expect-error a trait is no object
askwell.identify("u-42", { plan: {} });
// @ts-expect-error start() is no survey's id
askwell.show(start);
export const gates = ({ gates }: Explanation): string[] => gates.map(({ gate }) => gate);
askwell.destroy();
console.log(typeof walk);
