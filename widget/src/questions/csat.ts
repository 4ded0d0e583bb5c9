import { scale } from "./scale.ts";

export const csat = scale(1, 5);
