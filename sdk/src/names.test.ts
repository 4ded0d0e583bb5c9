import ts from "typescript";
import { expect, test } from "vitest";

/** What the compiler says of a file, by line: an error that was expected and does not come is one too. */
function check(file: string): string[] {
  const path = (name: string) => new URL(name, import.meta.url).pathname;
  const { config } = ts.readConfigFile(path("../tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, "");
  const program = ts.createProgram([path(`names/${file}`)], { ...options, types: [] });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

test.each(["known.ts", "unknown.ts"])(
  "%s compiles, but for what it expects",
  (file) => {
    expect(check(file)).toEqual([]);
  },
  60_000,
);
