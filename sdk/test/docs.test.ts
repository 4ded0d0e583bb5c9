import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compileScript, parse } from "vue/compiler-sfc";

// The code in the guides and READMEs: what is wrong in it, a reader copies. The guides' commands are run, and survey
// files read, by collector/guides_test.go; test/server/guides.spec.ts runs code.

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const sdk = join(root, "sdk");
const guides = readdirSync(join(sdk, "docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", "sdk/README.md", "widget/README.md", ...guides.map((name) => `sdk/docs/${name}`)];

type Block = { file: string; language: string; line: number; code: string };

const blocks: Block[] = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    file: page,
    language: match[1]!,
    line: text.slice(0, match.index).split("\n").length,
    code: match[2]!,
  }));
});
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

/** What the code on a page leaves to its reader. */
const left: Record<string, string> = {
  "README.md": "declare function draw(survey: unknown): void;",
};
/** What a bundler's template declares. */
const components = 'declare module "*.vue" { const component: import("vue").Component; export default component; }';

/** Every block is a file of its own beside the guides, with the packages' sources under their names. */
function compile(sources: Block[]): string[] {
  const texts = new Map([[join(sdk, "docs/components.d.ts"), components]]);
  const files = new Map<string, Block>();
  for (const block of sources) {
    const path = join(sdk, "docs", `${block.file.replaceAll(/\W/g, "-")}-${block.line}.${block.language}`);
    texts.set(path, `${block.code}\n${left[block.file] ?? ""}`);
    files.set(path, block);
  }
  const { config } = ts.readConfigFile(join(sdk, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, sdk);
  options.paths = {
    "@askwell/sdk": ["./src/index.ts"],
    "@askwell/sdk/*": ["./src/*.ts"],
    "@askwell/widget": ["../widget/src/index.ts"],
  };
  options.jsx = ts.JsxEmit.ReactJSX;
  options.noUnusedLocals = false; // an example ends where it has shown what it shows
  options.moduleDetection = ts.ModuleDetectionKind.Force;
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((problem) => {
    const message = ts.flattenDiagnosticMessageText(problem.messageText, "\n");
    if (!problem.file) return message;
    const block = files.get(problem.file.fileName);
    const { line } = problem.file.getLineAndCharacterOfPosition(problem.start ?? 0);
    return block
      ? `${block.file}:${block.line + 1 + line}: ${message}`
      : `${relative(root, problem.file.fileName)}:${line + 1}: ${message}`;
  });
}

/** A component of Vue as TypeScript, its template too. */
function typescriptOf(component: Block): Block {
  const { descriptor, errors } = parse(component.code, { filename: component.file });
  if (errors[0]) throw errors[0];
  const { content } = compileScript(descriptor, { id: "guide", inlineTemplate: true });
  return { ...component, language: "ts", code: content };
}

test("TypeScript and Vue compile against the packages", () => {
  const found = [...of("ts", "tsx"), ...of("vue").map(typescriptOf)];
  expect(new Set(found.map(({ file }) => file)).size).toBeGreaterThan(8);
  expect(compile(found)).toEqual([]);
}, 60_000);

test("the compiler would have found what is misspelt", () => {
  const block = { file: "docs/wrong.md", language: "ts", line: 1 };
  const code = `import { createAskwell } from "@askwell/sdk";\ncreateAskwell({ host: "", site: "" }).shwo("nps");`;
  const component = `<script setup lang="ts">\nimport { Askwel } from "@askwell/sdk/vue";\n</script>\n<template><Askwel /></template>`;
  expect(compile([{ ...block, code }, typescriptOf({ ...block, line: 9, code: component })])).toEqual([
    expect.stringContaining("docs/wrong.md:3: Property 'shwo'"),
    expect.stringContaining("no exported member named 'Askwel'"),
  ]);
}, 60_000);

describe("scripts in pages", () => {
  const api = readFileSync(join(sdk, "src/api.ts"), "utf8");
  const scripts = [
    ...of("js"),
    ...of("html").flatMap((block) =>
      [...block.code.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => ({ ...block, code: match[1]! })),
    ),
  ];
  test.each(scripts)("$file:$line is JavaScript, and calls methods that are there", ({ code }) => {
    const { diagnostics } = ts.transpileModule(code, { reportDiagnostics: true, fileName: "page.js" });
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
    for (const [, method] of code.matchAll(/\baskwell\("(\w+)"/g))
      expect(api).toMatch(new RegExp(`^  ${method}[<(]`, "m"));
  });
});

test("there is no code in a language that nobody checks", () => {
  const here = ["ts", "tsx", "vue", "js", "html"];
  const byTheCollector = ["sh", "yaml"];
  const others = blocks.filter(({ language }) => ![...here, ...byTheCollector].includes(language));
  expect(others.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
});
