import { expect, test } from "vitest";
import { createAskwell } from "./index.ts";

test("on a server every call does nothing, and who asks why has an answer", async () => {
  expect(typeof document).toBe("undefined");
  const storage = { get: () => expect.unreachable(), set() {}, remove() {}, keys: () => [] };
  const options = { consent: true, language: "pl", storage, debug: true };
  const askwell = createAskwell({ host: "https://feedback.example", site: "shop", ...options });
  askwell.identify("u-42", { plan: "pro" });
  askwell.reset();
  askwell.track("purchase");
  askwell.cart({ value: 1, items: 1 });
  askwell.page("/checkout");
  askwell.consent(true);
  askwell.show("nps", { hidden: { order: "o-1" }, traits: { seats: 3 } });
  askwell.dismiss("nps");
  askwell.on("shown", () => expect.unreachable())();
  expect(await askwell.explain()).toEqual([]);
  askwell.destroy();
  askwell.destroy();
  expect(await askwell.explain()).toEqual([]);
});
