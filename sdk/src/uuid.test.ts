import { expect, test } from "vitest";
import { uuidv7 } from "./uuid.ts";

test("the time is in the first 48 bits, version and variant where RFC 9562 has them", () => {
  // The example of RFC 9562, appendix A.6: 0x017F22E279B0.
  expect(uuidv7(0x017f22e279b0)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("no two are the same", () => {
  expect(new Set(Array.from({ length: 1_000 }, () => uuidv7(1))).size).toBe(1_000);
});
