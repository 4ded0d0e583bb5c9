import { defineConfig } from "vitest/config";

// unit: pure parts, no browser. e2e: the built scripts in real Chromium against a real collector.
export default defineConfig({
  test: {
    maxWorkers: 2, // a spec mostly waits for a browser; with three on two cores some wait too long
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 30_000 } },
      {
        test: {
          name: "e2e",
          include: ["test/**/*.spec.ts"],
          testTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } }, // the machine may be busy; a spec that fails may take its time
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
