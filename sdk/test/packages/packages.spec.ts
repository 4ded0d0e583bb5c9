// What is published to npm, in projects of its users: packed, installed, built, and run.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  cleanups,
  newPage,
  panel,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "../../../widget/test/harness.ts";
import { npsSurvey } from "../../../widget/test/surveys.ts";

const projects = `${root}sdk/test/packages/projects/`;
const env = { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: "1" }; // as at home, not as in a test

useBrowser();
let collector: Collector;
let tarballs: string[];
beforeAll(async () => {
  collector = await startCollector();
  const folder = await mkdtemp(join(tmpdir(), "askwell-packages-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const packed = run(root, "go", "run", "./scripts/package", "-out", folder);
  const names = await readdir(projects, { withFileTypes: true });
  await Promise.all([packed, ...names.filter((name) => name.isDirectory()).map(({ name }) => prepare(name))]);
  tarballs = (await readdir(folder)).map((file) => join(folder, file));
});

/** Runs a program in a folder, and returns what it printed; one that fails says why. */
async function run(folder: string, program: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { cwd: folder, env, maxBuffer: 1 << 24 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(" ")}, in ${folder}:\n${stdout}${stderr}`);
  }
}

const modified = (file: string) =>
  stat(file)
    .then(({ mtimeMs }) => mtimeMs)
    .catch(() => 0);
const readJson = async (file: string) => JSON.parse(await readFile(file, "utf8"));

/** What can be imported from the packages in a project, and its file: what is for React or Vue only where these are. */
async function imports(project: string): Promise<Record<string, string>> {
  const { dependencies = {} } = await readJson(`${projects}${project}/package.json`);
  const found: Record<string, string> = {};
  for (const folder of ["sdk", "widget"]) {
    const { name, exports, peerDependencies = {} } = await readJson(`${root}${folder}/package.json`);
    delete exports["./package.json"];
    for (const path of Object.keys(exports)) {
      const entry = path.slice(2);
      if (entry in peerDependencies && !(entry in dependencies)) continue;
      if (project === "page" && entry === "server") continue; // no page is one, and its dependencies have names only
      found[join(name, path)] = `./node_modules/${join(name, exports[path].import.default)}`;
    }
  }
  return found;
}

/** A module that imports all of them, by name or by file, and exports as `entries` the names of what is in each. */
async function writeEntries(project: string, file: string, by: "name" | "file" = "name"): Promise<void> {
  const all = Object.entries(await imports(project));
  const lines = all.map(([name, file], i) => `import * as e${i} from "${by === "name" ? name : file}";`);
  const members = all.map(([name], i) => `  "${name}": Object.keys(e${i}).sort(),`);
  const module = [...lines, "export const entries = {", ...members, "};", ""];
  await writeFile(`${projects}${project}/${file}`, module.join("\n"));
}

/** The same as Node sees them. */
async function exported(project: string): Promise<Record<string, string[]>> {
  const names = `{}; for (const path of ${JSON.stringify(Object.keys(await imports(project)))}) names[path] = Object.keys(await import(path)).sort()`;
  const script = `const names = ${names}; console.log(JSON.stringify(names))`;
  return JSON.parse(await run(projects + project, "node", "--input-type=module", "-e", script));
}

const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];

/** Installs what a project's lock file says, where that is not there yet. */
async function prepare(project: string): Promise<void> {
  const folder = projects + project;
  const [wanted, there] = [`${folder}/package-lock.json`, `${folder}/node_modules/.package-lock.json`];
  if ((await modified(wanted)) > (await modified(there))) await run(folder, "npm", "ci", ...quiet);
}

/** Installs the tarballs into a project, and returns its folder. */
async function install(project: string): Promise<string> {
  const folder = projects + project;
  await rm(`${folder}/node_modules/@askwell`, { recursive: true, force: true }); // an earlier build of the same version
  await run(folder, "npm", "install", "--no-save", "--prefer-offline", ...quiet, ...tarballs);
  return folder;
}

/**
 * Opens a project's page as a visitor, with the script from the collector and with the one in its own bundle. The survey
 * stands in an element of the page's, or, where the page only says show(), beside all of it.
 */
async function answers(project: string, origin: string, place = "html"): Promise<void> {
  await collector.publish(project, [origin], [npsSurvey([])]);
  for (const [more, first] of [
    ["", `/w/${project}.js`],
    ["&bundled", `/w/${project}.json`],
  ]) {
    const page = await newPage();
    const loaded: string[] = [];
    page.on(
      "request",
      (request) => request.url().startsWith(collector.url) && loaded.push(new URL(request.url()).pathname),
    );
    await page.goto(`${origin}/?host=${collector.url}&site=${project}${more}`);
    await choice(page, 9).click();
    expect(await page.locator(`${place} > askwell-survey`).count()).toBe(1);
    await panel(page).getByRole("button", { name: "Skip" }).click();
    await expect
      .poll(async () => (await collector.responses(project, "nps")).map(({ state, answers }) => [state, answers]))
      .toEqual(Array(more ? 2 : 1).fill(["completed", { nps: 9 }]));
    expect(loaded[0]).toBe(first);
    expect(loaded.filter((path) => /^\/w\/[^/]+\.js$/.test(path))).toEqual(more ? [] : [first]);
    expect(JSON.parse((await page.locator("pre").textContent())!)).toEqual(await exported(project));
    expect(page.complaints).toEqual([]);
  }
}

test("publint and attw find nothing, and all that a package needs is in it", async () => {
  const tools = `${root}sdk/node_modules/.bin/`;
  expect(tarballs).toHaveLength(2);
  for (const tarball of tarballs) {
    const files = (await run(root, "tar", "tzf", tarball)).trim().split("\n");
    const texts = ["CHANGELOG.md", "LICENSE", "README.md"].map((name) => `package/${name}`);
    expect(files.filter((file) => !/\.js$|\.d\.ts$|package\.json$/.test(file)).sort()).toEqual(texts);
    const manifest = JSON.parse(await run(root, "tar", "xzOf", tarball, "package/package.json"));
    expect(manifest).toMatchObject({ license: "MIT", sideEffects: false, publishConfig: { provenance: true } });
    if (manifest.name === "@askwell/widget") expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("private");
    expect(await run(root, `${tools}publint`, "run", tarball, "--strict")).toContain("All good!");
    expect(await run(root, `${tools}attw`, tarball)).toContain("No problems found");
  }
});

test.each([
  ["react", ".place"],
  ["vue", ".place"],
  ["svelte", "html"],
])("%s, built by Vite", async (project, place) => {
  const folder = await install(project);
  await writeEntries(project, "src/entries.ts");
  await run(folder, "npm", "run", "build");
  const index = await readFile(`${folder}/dist/index.html`, "utf8");
  await answers(project, await servePages((path) => (path === "/" ? index : undefined), `${folder}/dist`), place);
});

test("Next.js, which renders on a server", async () => {
  const folder = await install("next");
  await writeEntries("next", "app/entries.js");
  await run(folder, "npm", "run", "build");
  const server = spawn(`${folder}/node_modules/.bin/next`, ["start", "--port", "0"], { cwd: folder, env });
  cleanups.push(async () => {
    server.kill();
    await new Promise((resolve) => server.once("exit", resolve));
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/localhost:\d+/.exec(line)?.[0];
    if (!url) continue;
    server.stdout.resume();
    const written = await (await fetch(url)).text(); // the page as the server writes it
    expect(written).toContain('<div class="place"></div>');
    expect(written).toContain("createAskwell");
    return await answers("next", url, ".place");
  }
  throw new Error("the server did not start");
});

test("a page without a bundler", async () => {
  const folder = await install("page");
  await writeEntries("page", "entries.js", "file");
  const index = await readFile(`${folder}/index.html`, "utf8");
  await answers("page", await servePages((path) => (path === "/" ? index : undefined), folder));
});

test("CommonJS in Node", async () => {
  const folder = await install("commonjs");
  expect(await run(folder, "node", "main.cjs")).toBe("function function\n");
});

test("TypeScript for Node, of both kinds", async () => {
  const folder = await install("node16");
  await writeEntries("node16", "src/entries.mts");
  await writeEntries("node16", "src/entries.cts");
  await run(folder, "npm", "run", "build");
  for (const kind of ["mjs", "cjs"]) {
    expect(await run(folder, "node", `dist/main.${kind}`)).toBe("function\n");
    const script = `import("./dist/entries.${kind}").then(({ entries }) => console.log(JSON.stringify(entries)))`;
    expect(JSON.parse(await run(folder, "node", "-e", script))).toEqual(await exported("node16"));
  }
});
