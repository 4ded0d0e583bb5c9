import type { Api } from "../../sdk/src/api.ts";

/** What identify() was given: still true after consent was taken back and given again. */
export const user: { said: Parameters<Api["identify"]> | [] } = { said: [] };
