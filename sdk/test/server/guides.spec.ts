// The code of two guides, run: server.md by Node, testing.md by Playwright's runner, against a real collector.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Collector,
  chromiumFlags,
  chromiumPath,
  cleanups,
  root,
  servePages,
  startCollector,
} from "../../../widget/test/harness.ts";
import { npsSurvey } from "../../../widget/test/surveys.ts";
import { newId } from "../../src/server.ts";
import type { Definition } from "../../src/wire.ts";

const ces = {
  id: "support-ces",
  name: "Support",
  languages: ["en"],
  hidden: { agent: "string" },
  questions: [
    { id: "ces", type: "ces", title: "How easy was it?" },
    { id: "why", type: "text", title: "What took the most effort?" },
  ],
} as unknown as Definition;
const csat = {
  id: "order-csat",
  name: "Order",
  languages: ["en"],
  questions: [{ id: "csat", type: "csat", title: "How satisfied are you?" }],
} as unknown as Definition;

let collector: Collector;
let origin: string;
/** A folder of a reader's, with the packages in it. */
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  collector = await startCollector();
  const stub = "window.askwell=window.askwell||function(){(askwell.q=askwell.q||[]).push(arguments)}";
  origin = await servePages(
    () => `<!doctype html><title>Shop</title><script>${stub}</script><h1>Checkout</h1>
      <script async src="${collector.url}/w/shop.js"></script>`,
  );
  await collector.publish("shop", [origin], [npsSurvey([]), ces, csat]);
  const { key } = await collector.api<{ key: string }>("POST", "/v1/keys", { name: "guide", scope: "write" });
  env = { ...process.env, NODE_OPTIONS: undefined, ASKWELL_KEY: key, ASKWELL_ADMIN_KEY: key };
  folder = await mkdtemp(join(tmpdir(), "askwell-guides-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules/@askwell"), { recursive: true });
  await symlink(`${root}sdk`, join(folder, "node_modules/@askwell/sdk"));
  await symlink(`${root}sdk/node_modules/@playwright`, join(folder, "node_modules/@playwright"));
  await writeFile(join(folder, "package.json"), '{"type": "module"}');
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The TypeScript of a guide, with the addresses that are here in place of those on the page. */
async function codeOf(guide: string): Promise<string[]> {
  const page = await readFile(`${root}sdk/docs/${guide}`, "utf8");
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
  return blocks.map((code) =>
    code
      .replaceAll(/https:\/\/feedback\.shop\.example|http:\/\/127\.0\.0\.1:8080/g, collector.url)
      .replaceAll("https://shop.example", origin),
  );
}

/** Writes a piece of code as a module, with what calls it behind it, and returns its name. */
async function moduleOf(code: string, call = ""): Promise<string> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(code.replace("export default", "const handler ="), { compilerOptions });
  await writeFile(join(folder, "code.js"), `${outputText}\n${call}`);
  return "code.js";
}

/** Runs a program of Node's in the folder, and returns what it printed; one that fails says why. */
async function node(...args: string[]): Promise<string> {
  const ran = promisify(execFile)("node", args, { cwd: folder, env });
  const { stdout, stderr } = await ran.catch((error) => expect.fail(error.stdout + error.stderr));
  return stdout + stderr;
}

const id = "019da0c5-7d2e-7c41-9a5e-3f0c8b1d2e40";
/** What a reader does with code that only declares something, by what it declares. */
const calls: [declares: string, call: string][] = [
  ["function ask(", 'const id = await ask("Ada"); for (const ces of [5, 2]) await answered(id, "Ada", ces);'],
  ["function run(", `for (let n = 0; n < 2; n++) await run({ responseId: "${id}", ces: 7 });`],
  [
    "export default",
    `const body = JSON.stringify({ id: "${id.replace(/0$/, "1")}", ces: 3 });
    const reply = await handler.fetch(new Request("http://edge.example", { method: "POST", body }), process.env);
    console.log(await reply.text());`,
  ],
];

test("what server.md says works, on Node", async () => {
  const printed: string[] = [];
  for (const code of await codeOf("server.md")) {
    if (code.includes(".live(")) continue; // below
    printed.push(await node(await moduleOf(code, calls.find(([declares]) => code.includes(declares))?.[1])));
  }
  const all = printed.join("\n");
  expect(all).toContain("expected a whole number from 1 to 5"); // of the list, the bad one
  expect(all).toContain("1 are stored");
  expect(all).toContain("answers.ces: expected a whole number from 1 to 7 422");
  expect(all).toContain("Thank you!");
  const stored = await collector.responses("shop", "support-ces");
  expect(stored.map(({ channel, answers, hidden }) => ({ channel, ...answers, ...hidden })).reverse()).toEqual([
    { channel: "api", ces: 6, why: "Finding your number", agent: "Ada" },
    { channel: "email", ces: 2, agent: "Ada" },
    { channel: "api", ces: 7 },
    { channel: "link", ces: 3 },
  ]);
  // A table that was left within a row goes on behind the last whole one.
  const resume = (await codeOf("server.md")).find((code) => code.includes("responses.ndjson"))!;
  const file = join(folder, "responses.ndjson");
  await rm(file);
  await node(await moduleOf(resume));
  const whole = await readFile(file, "utf8");
  expect(whole.trimEnd().split("\n")).toHaveLength(4);
  await writeFile(file, whole.slice(0, whole.length / 2));
  await node(await moduleOf(resume));
  expect(await readFile(file, "utf8")).toBe(whole);
});

test("live() in server.md hears what is stored", async () => {
  const live = (await codeOf("server.md")).find((code) => code.includes(".live("))!;
  const child = spawn("node", [await moduleOf(live)], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let heard = "";
  child.stdout.on("data", (said) => (heard += said));
  // It hears what comes once it listens, of which nobody is told.
  await expect
    .poll(async () => {
      const responses = [{ id: newId(), answers: { ces: 1 } }];
      await collector.api("POST", "/v1/sites/shop/surveys/support-ces/responses", { responses });
      return heard;
    })
    .toContain("look at");
  child.kill();
  await ended;
});

test("what testing.md says works, in Playwright", async () => {
  const blocks = (await codeOf("testing.md")).filter((code) => code.includes("@playwright/test"));
  const [keepOut, ...specs] = blocks as [string, ...string[]];
  // Alone it says nothing of whether it works: a page that asks for a survey gets none.
  const blocked = `${keepOut.replace("{ test }", "{ expect, test }")}
    test("nothing shows", async ({ page }) => {
      const failed = page.waitForEvent("requestfailed");
      await page.goto("${origin}");
      expect((await failed).url()).toBe("${collector.url}/w/shop.js");
    });`;
  for (const [n, code] of [blocked, ...specs].entries()) await writeFile(join(folder, `${n}.spec.ts`), code);
  const launchOptions = { executablePath: chromiumPath, args: chromiumFlags };
  const config = { workers: 1, reporter: "line", use: { launchOptions } };
  await writeFile(join(folder, "playwright.config.js"), `export default ${JSON.stringify(config)};`);
  expect(await node("node_modules/@playwright/test/cli.js", "test")).toContain("4 passed");
}, 60_000);
