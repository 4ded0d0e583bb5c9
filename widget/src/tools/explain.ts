import type { Askwell } from "../../../sdk/src/calls.ts";

/** Draws on the page why each survey shows or does not. */
export function drawExplanation(askwell: Askwell): void {
  askwell("explain", console.table);
}
