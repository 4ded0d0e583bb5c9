import { scale } from "./scale.ts";

export const nps = scale(0, 10);
