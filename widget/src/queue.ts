// The queue alone, for a page on which an earlier one's answers wait and no survey shows.
import { createQueue } from "../../sdk/src/queue.ts";
import type { Host } from "./present.ts";

/** Sends what waits, unless a survey's late part does already. */
export function resume(host: Host): void {
  host.queue ??= createQueue(host.base + host.config.site, host.name, host.storage);
}
