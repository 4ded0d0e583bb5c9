import type { Listener } from "../../../sdk/src/api.ts";
import type { Askwell } from "../../../sdk/src/calls.ts";
import { events } from "../../../sdk/src/emit.ts";
import type { Explanation, TriggerState } from "../../../sdk/src/explanation.ts";
import type { Config } from "../../../sdk/src/wire.ts";
import { explain } from "./wording.ts";

/** How often it looks whether something changed. */
const refresh = 200;

const log = (text: string, ...more: unknown[]) => console.info(`Askwell: ${text}`, ...more);

/** What on("error") hears. */
export const logError: Listener<"error"> = (survey, error) =>
  console.warn(`Askwell: error${survey ? ` of ${survey}` : ""}: ${error.message}`);

/** Says in the console what happens, until Askwell goes: what each survey waits for, what fired, what keeps it away, what is sent. */
export function logAll({ site, surveys }: Config, src: string, askwell: Askwell): void {
  log(`${site} has ${surveys.map(({ id }) => id).join(", ") || "no survey"} live`);
  /** Until when a survey is known to have shown. */
  const shown: Record<string, number> = {};
  for (const event of events) {
    if (event === "error") continue;
    askwell("on", event, async (survey, { answers }) => {
      if (event === "shown") shown[survey] = Date.now();
      await look(); // what fired came before
      log(`${survey} ${event === "shown" || event === "dismissed" ? "was " : ""}${event}`, answers);
    });
  }

  askwell("on", "unfit" as "error", (survey, name: unknown) =>
    console.warn(`Askwell: ${survey} leaves out hidden.${name}: it declares none of that name, or of another type`),
  );

  const sent = new PerformanceObserver((list) => {
    for (const { name, responseStatus } of list.getEntries() as PerformanceResourceTiming[])
      if (name === new URL(site, src).href) log(`sent; the collector answered ${responseStatus || "nothing"}`);
  });
  sent.observe({ type: "resource" });

  const fired: Record<string, number> = {};
  const said: Record<string, string> = {};
  const tell = (one: Explanation) => {
    const { survey, triggers } = one;
    for (const { trigger, fired: last } of triggers) {
      const key = `${survey} ${JSON.stringify(trigger)}`;
      if (!last || last.at === fired[key]) continue;
      fired[key] = last.at;
      const shows =
        shown[survey]! >= last.at || one.gates.some(({ gate, value }) => gate === "open" && value === survey);
      const why = last.reason ? ` (${last.reason})` : "";
      log(`${survey}: ${trigger.type} fired${why}; ${shows || one.passes ? "it shows" : away(one)}`);
    }
    const now = one.passes ? ready(triggers) : away(one);
    if (now !== said[survey]) log(`${survey}: ${(said[survey] = now)}`);
  };
  const look = async () => {
    if (window.askwell === askwell) for (const one of (await askwell("explain")) ?? []) tell(one);
    else {
      clearInterval(timer);
      sent.disconnect();
    }
  };
  const timer = setInterval(look, refresh);
  void look();
}

/** What an explanation comes to. */
const away = ({ gates }: Explanation) =>
  `it does not show. ${gates
    .filter(({ pass }) => !pass)
    .map((gate) => explain(gate))
    .map(({ text, detail, next }) => [text, detail, next].filter(Boolean).join("; "))
    .join(". ")}`;

const ready = (triggers: TriggerState[]) =>
  triggers.map(({ trigger, state }) => `${trigger.type} is ${state}`).join(", ") || "waits for show()";
