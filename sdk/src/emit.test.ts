import { expect, test } from "vitest";
import { emitTo, type Listeners } from "./emit.ts";

test("who stopped listening hears nothing more, not even of what has just happened", async () => {
  const heard: string[] = [];
  const first = ["shown", (survey: string) => heard.push(`first ${survey}`)];
  const second = ["shown", (survey: string) => heard.push(`second ${survey}`)];
  const listeners: Listeners = new Set([first, second]);
  emitTo(listeners)("shown", "nps", {});
  listeners.delete(first);
  await new Promise((resolve) => setTimeout(resolve));
  expect(heard).toEqual(["second nps"]);
});
