import { defineConfig } from "vitest/config";

// unit: pure parts, no browser. e2e: the built scripts in real Chromium against a real collector.
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"] } },
      {
        test: {
          name: "e2e",
          include: ["test/**/*.spec.ts"],
          // Two of some 560 specs failed once each in a full run on a busy machine (dead-click: a request in time;
          // views: a page from the browser's cache) and passed alone: their races are not found yet.
          retry: 1,
          testTimeout: 30_000,
          expect: { poll: { timeout: 10_000 } }, // the machine may be busy; a spec that fails may take its time
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
