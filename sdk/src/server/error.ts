import type { ErrorDetail, Problem } from "../wire.ts";

type Told = Problem["type"] extends `urn:askwell:${infer Code}` ? Code : never;

/**
 * What kind of failure it is: what the collector tells (its /docs list when); `unreachable`, no answer came;
 * `broken_off`, only the beginning of one; `not_askwell`, something that is no collector answered.
 */
export type ErrorCode = Told | "unreachable" | "broken_off" | "not_askwell";

/** What the collector refuses, or that it cannot be reached. The message says all of it. */
export class AskwellError extends Error {
  /** Tells it from other errors, also where there are two copies of this package. */
  override readonly name = "AskwellError";
  /** What a program goes by: it stays, where words may change. */
  readonly code: ErrorCode;
  /** HTTP's number; 0 without an answer. */
  readonly status: number;
  /** Each thing that is wrong, with where it is: `answers.ces`, `query.by`. */
  readonly problems: ErrorDetail[];

  constructor(
    code: ErrorCode,
    message: string,
    { status = 0, problems = [] as ErrorDetail[], cause = undefined as unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.problems = problems;
  }
}

/** The error that an option of a client's is. */
export const wrongOption = (code: ErrorCode, location: string, message: string) =>
  new AskwellError(code, `createClient: ${location}: ${message}`, { problems: [{ location, message }] });

/** The error that an answer tells of. What is no problem of a collector's comes from something in front of it. */
export function errorOf(what: string, status: number, body: unknown): AskwellError {
  const problem = (typeof body === "object" ? body : null) as Problem | null;
  if (!problem?.type?.startsWith("urn:askwell:")) {
    const code = status >= 500 ? "unavailable" : "not_askwell";
    return new AskwellError(code, `${what}: ${status}, and not by a collector`, { status });
  }
  const { type, title, detail, errors = [] } = problem;
  const details = errors.map(({ location, message }) => (location ? `${location}: ${message}` : message));
  const words = [detail ?? title, ...details].join("; ");
  return new AskwellError(type.slice("urn:askwell:".length) as Told, `${what}: ${words}`, { status, problems: errors });
}
