import { defineConfig } from "vitest/config";

// The widget's harness is used here too, with its own copy of vitest.
const resolve = { dedupe: ["vitest"] };
const expect = { poll: { timeout: 20_000 } };

// unit: pure parts, and the guides. server: the client for servers, against a real collector. packages: what is
// published to npm, in projects of its users.
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts", "test/*.test.ts"], testTimeout: 30_000 } },
      {
        resolve,
        test: { name: "server", include: ["test/server/*.spec.ts"], testTimeout: 60_000, hookTimeout: 60_000, expect },
      },
      {
        resolve,
        test: {
          name: "packages",
          include: ["test/packages/*.spec.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          expect,
        },
      },
    ],
  },
});
