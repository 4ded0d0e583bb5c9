import { AskwellError } from "./error.ts";
import { backoff, delay } from "./retry.ts";

/** The forms that come row by row, and can be gone on with. */
export type RowFormat = "csv" | "ndjson";

type Stream = ReadableStream<Uint8Array>;
type Open = (cursor: string | undefined) => Promise<Stream>;

/**
 * A table in whole rows. Where the connection breaks, it goes on behind the last whole row: who reads it notices
 * nothing. No more is in memory than what one read brought, and a row.
 */
export async function* wholeRows(format: RowFormat, from: Stream, open: Open, tries: number, signal: AbortSignal) {
  let cursor: string | undefined;
  let header: string | undefined; // of CSV, whose first row are names
  let stream = from;
  for (let failed = 0; ; ) {
    const cut = createCutter(format === "csv");
    let begins = format === "csv";
    try {
      for await (const chunk of chunksOf(stream)) {
        const { rows, first, last } = cut.add(chunk);
        if (rows.length === 0) continue;
        const data = begins ? first : 0;
        if (rows.length > data) {
          cursor = idOf(format, decode(rows.subarray(last)));
          failed = 0; // not for the names, which every try begins with
        }
        const again = begins && header !== undefined;
        if (begins) header = sameColumns(header, decode(rows.subarray(0, first)));
        begins = false;
        yield rows.subarray(again ? data : 0);
      }
      cut.end();
      return;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof AskwellError) throw cause; // that was tried again already, or would not help
      failed++;
      if (failed >= tries) throw brokenOff(cause);
      await delay(backoff(failed), signal);
      stream = await open(cursor);
    }
  }
}

/** A file as it is, or an error where not all of it came. */
export async function* unbroken(stream: Stream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* chunksOf(stream);
  } catch (cause) {
    signal.throwIfAborted();
    throw brokenOff(cause);
  }
}

/** A row begins with the response's id, which is the cursor behind it. */
const idOf = (format: RowFormat, row: string): string =>
  format === "csv" ? row.slice(0, row.indexOf(",")) : (JSON.parse(row) as { id: string }).id;

function sameColumns(before: string | undefined, header: string): string {
  if (before === undefined || before === header) return header;
  throw new AskwellError("broken_off", "the survey's columns have changed since the download began: begin again");
}

const brokenOff = (cause: unknown) =>
  new AskwellError("broken_off", `the download was broken off: ${cause instanceof Error ? cause.message : cause}`, {
    cause,
  });

/** What a stream brings, as it comes; not every runtime can iterate over one. */
export async function* chunksOf<Chunk>(stream: ReadableStream<Chunk>): AsyncGenerator<Chunk> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {}); // one that has failed, or has ended
  }
}

/** What an iterator brings, as a stream that reads no further than it is read; who cancels it ends what is under way. */
export function streamOf(chunks: AsyncGenerator<Uint8Array>, until: AbortController): Stream {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (!done) return controller.enqueue(value);
      controller.close();
      until.abort();
    },
    cancel: (reason) => until.abort(reason),
  });
}

const decoder = new TextDecoder();
const decode = (bytes: Uint8Array) => decoder.decode(bytes);
const quote = 0x22;
const lineBreak = 0x0a;

/** Cuts what comes behind its last whole row; what is left waits for more. */
function createCutter(quotes: boolean) {
  let rest = new Uint8Array();
  let quoted = false; // in CSV a line break between quotes ends no row
  return {
    /** The rows that are whole now, where the first of them ends, and where the last begins. */
    add(chunk: Uint8Array): { rows: Uint8Array; first: number; last: number } {
      const bytes = new Uint8Array(rest.length + chunk.length);
      bytes.set(rest);
      bytes.set(chunk, rest.length);
      let [first, last, end] = [0, 0, 0];
      for (let at = rest.length; at < bytes.length; at++) {
        if (quotes && bytes[at] === quote) quoted = !quoted;
        if (bytes[at] !== lineBreak || quoted) continue;
        last = end;
        end = at + 1;
        first ||= end;
      }
      rest = bytes.slice(end);
      return { rows: bytes.subarray(0, end), first, last };
    },
    end(): void {
      if (rest.length > 0) throw new Error("it ends within a row");
    },
  };
}
