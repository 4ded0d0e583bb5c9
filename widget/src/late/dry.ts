import type { Extra } from "../present.ts";

/** Tells the collector that the survey would have shown now. Lossy: it is told once, or not. */
export const dry: Extra = async (_, post, survey, trigger) => {
  await post("dry", { survey, trigger });
};
