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
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
