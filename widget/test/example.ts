// Examples, each started by its one command.
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import type { ResponseView } from "../../sdk/src/wire.ts";
import { cleanups, root } from "./harness.ts";
import { bringAxe } from "./look.ts";

/** An example that runs, as `make example NAME=…` starts it. */
export type Example = {
  /** Its first page. */
  page: string;
  /** The collector's address, and a key for all of it. */
  collector: string;
  key: string;
  api<T>(path: string): Promise<T>;
  /** What the collector has stored, newest first. */
  responses(survey: string): Promise<ResponseView[]>;
};

/** Specs answer faster than a person could, and all from one address. */
const asSpecsAnswer = { ASKWELL_FASTEST_ANSWER: "0s", ASKWELL_RATE_ADDRESS: "0" };

/** Starts an example on free ports; it ends after the last spec of the file. */
export async function startExample(name: string, env: Record<string, string> = {}): Promise<Example> {
  const command = spawn("node", [`${root}examples/start.mjs`, name], {
    env: { ...process.env, PORT: "0", ASKWELL_PORT: "0", ...asSpecsAnswer, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => command.once("exit", resolve));
  cleanups.push(async () => {
    command.kill("SIGTERM");
    await ended;
  });
  for await (const line of createInterface({ input: command.stdout })) {
    const [ready, page, collector, key] = line.split(" ") as [string, string, string, string];
    if (ready !== "ready") continue;
    command.stdout.resume(); // so that it never blocks on a full pipe
    const api = async <T>(path: string): Promise<T> => {
      const reply = await fetch(collector + path, { headers: { Authorization: `Bearer ${key}` } });
      if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
      return (await reply.json()) as T;
    };
    return {
      page,
      collector,
      key,
      api,
      responses: async (survey) =>
        (await api<{ items: ResponseView[] }>(`/v1/sites/${name}/surveys/${survey}/responses`)).items,
    };
  }
  throw new Error(`examples/${name} did not start`);
}

/** What `npm run types` says of an example, a line each, with these files beside its own in src/. */
export async function typeErrors(name: string, files: Record<string, string>): Promise<string[]> {
  const folder = `${root}examples/${name}`;
  const copy = await mkdtemp(join(tmpdir(), `askwell-${name}-`));
  cleanups.push(() => rm(copy, { recursive: true }));
  await cp(folder, copy, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
  await symlink(`${folder}/node_modules`, `${copy}/node_modules`);
  for (const [file, text] of Object.entries(files)) await writeFile(`${copy}/src/${file}`, text);
  const run = promisify(execFile)("npm", ["run", "--silent", "types"], { cwd: copy });
  const { stdout, stderr } = await run.catch((failed: { stdout: string; stderr: string }) => failed);
  return (stdout + stderr).split("\n").filter((line) => /^\S/.test(line)); // the indented ones say more of the one above
}

/** What axe finds on a whole page (WCAG 2.2 AA, best practice). */
export async function axeFinds(page: Page): Promise<string[]> {
  await bringAxe(page);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(document, { runOnly });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
