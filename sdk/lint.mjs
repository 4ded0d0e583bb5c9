// Lints openapi.json with Redocly's rules, as `redocly lint` does: the linter is in openapi-typescript's
// own dependency, and its command line would bring 200 MB more. It reads files, and no network.
import { createConfig, formatProblems, getTotals, lint } from "@redocly/openapi-core";
import { readFileSync } from "node:fs";

const here = (name) => new URL(name, import.meta.url).pathname;
const config = await createConfig(readFileSync(here("redocly.yaml"), "utf8"), { extends: ["recommended"] });
const problems = await lint({ ref: here("openapi.json"), config });
const totals = getTotals(problems);
formatProblems(problems, { format: "codeframe", totals, version: "1" });
process.exitCode = totals.errors + totals.warnings > 0 ? 1 : 0;
