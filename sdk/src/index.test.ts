import { expect, test } from "vitest";
import { createAskwell } from "./index.ts";

test("on a server every call does nothing", () => {
  expect(typeof document).toBe("undefined");
  const askwell = createAskwell({ host: "https://feedback.example", site: "shop" });
  askwell.identify("u-42", { plan: "pro" });
  askwell.track("purchase");
  askwell.cart({ value: 1, items: 1 });
  askwell.show("nps");
  askwell.on("shown", () => expect.unreachable());
  askwell.destroy();
});
