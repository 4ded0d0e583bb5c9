// The queue alone, for a page on which an earlier one's answers wait and no survey shows.
export { createQueue } from "../../sdk/src/queue.ts";
