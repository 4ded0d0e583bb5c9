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
          testTimeout: 30_000,
          expect: { poll: { timeout: 10_000 } }, // the machine may be busy; a spec that fails may take its time
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
