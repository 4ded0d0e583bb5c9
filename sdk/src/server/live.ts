import { EventSourceParserStream } from "eventsource-parser/stream";
import type { ResponseView } from "../wire.ts";
import { AskwellError } from "./error.ts";
import { backoff, delay } from "./retry.ts";
import { chunksOf } from "./rows.ts";

/**
 * A response that was stored or has changed; or `reload`: there were some that cannot be told any more, so read the
 * list again. With the id of the last event, live() goes on behind it.
 */
export type LiveEvent =
  | {
      /** A response was stored, or has changed. */
      type: "response";
      /** The event's id, not the response's. */
      id: string;
      /** All of it, as it is now. */
      response: ResponseView;
    }
  | {
      /** Some that were stored are not told: read the list again. */
      type: "reload";
      /** The last event's id; none before the first. */
      id?: string;
      /** The collector does not know the event any more (it was restarted, say), or this loop was too slow for what came. */
      reason: "unknown_id" | "too_far_behind";
    };

type Open = (last: string | undefined) => Promise<ReadableStream<Uint8Array>>;

/** Events until who reads them stops. What was open once is opened again, for as long as that takes. */
export async function* liveEvents(
  open: Open,
  last: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent> {
  let opened = false;
  for (let tried = 1; ; tried++) {
    try {
      const events = (await open(last)).pipeThrough(decoding()).pipeThrough(new EventSourceParserStream());
      if (opened && last === undefined) yield { type: "reload", reason: "unknown_id" }; // nobody knows what came in between
      opened = true;
      for await (const { event, id, data } of chunksOf(events)) {
        tried = 1;
        last = id ?? last;
        if (event === "response") yield { type: "response", id: id!, response: JSON.parse(data) as ResponseView };
        if (event === "reload")
          yield { type: "reload", id: last, ...(JSON.parse(data) as { reason: "too_far_behind" }) };
      }
    } catch (cause) {
      signal.throwIfAborted();
      const refused = cause instanceof AskwellError && cause.code !== "unreachable" && cause.code !== "unavailable";
      if (refused || !opened) throw cause;
    }
    await delay(backoff(tried), signal);
  }
}

/** TypeScript holds that a decoder takes other bytes than a stream brings. */
const decoding = () => new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>;
