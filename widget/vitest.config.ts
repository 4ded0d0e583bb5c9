import { defineConfig } from "vitest/config";

// unit: pure parts, no browser. e2e: the built scripts in real Chromium against a real collector.
export default defineConfig({
  test: {
    // A spec mostly waits for a browser: three files at a time on two cores take half as long as one by one.
    maxWorkers: 3,
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"] } },
      {
        test: {
          name: "e2e",
          include: ["test/**/*.spec.ts"],
          testTimeout: 30_000,
          expect: { poll: { timeout: 10_000 } }, // the machine may be busy; a spec that fails may take its time
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
