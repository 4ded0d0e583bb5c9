import { expect, test } from "vitest";
import { storeWith } from "./adapter.ts";

const over = (kept: Map<string, string>) => ({
  get: (key: string) => kept.get(key),
  set: (key: string, value: string) => void kept.set(key, value),
  remove: (key: string) => void kept.delete(key),
  keys: () => [...kept.keys()],
});

test("what an adapter keeps is there, and nowhere else", () => {
  const kept = new Map([["theirs", "1"]]);
  const storage = storeWith(over(kept));
  expect(storage.get("a")).toBeNull();
  expect(storage.set("a", "1")).toBe(true);
  expect(kept.get("a")).toBe("1");
  kept.set("a", "2"); // another tab
  expect(storage.get("a")).toBe("2");
  storage.remove("a");
  expect(storage.keys()).toEqual(["theirs"]);
});

test.each<[string, object]>([
  ["throws", { set: () => expect.unreachable("full") }],
  ["forgets", { set() {} }],
  ["promises", { get: async () => "1", set: async () => {} }],
])("what one that %s does not keep, the page does, until it is kept", (_, bad) => {
  const kept = new Map<string, string>();
  const adapter = { ...over(kept), ...bad };
  const storage = storeWith(adapter);
  expect(storage.set("a", "1")).toBe(false);
  expect(storage.get("a")).toBe("1");
  expect(storage.keys()).toEqual(["a"]);
  Object.assign(adapter, over(kept));
  expect(storage.set("a", "2")).toBe(true);
  expect([kept.get("a"), storage.get("a"), storage.keys()]).toEqual(["2", "2", ["a"]]);
});
