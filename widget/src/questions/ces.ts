import { scale } from "./scale.ts";

export const ces = scale(1, 7);
