import { isPrivate } from "../../../sdk/src/visitor.ts";
import type { Extra } from "../present.ts";

/** What fits into the cookie. */
const longest = 1_500;

/**
 * Has the collector keep in a cookie what must not be forgotten: Safari deletes what scripts store
 * after seven days without a visit, so that a rest of 30 days would end there.
 */
export const keep: Extra = async ({ config, memory }, post) => {
  if (isPrivate(config) || !config.cookie) return;
  const now = () => {
    const { visitor, last, answered, dismissed, shows, sessions } = memory.read();
    if (!visitor) return ""; // wiped
    const all = encode({ visitor, sessions, last, answered, dismissed, shows });
    return all.length > longest ? encode({ visitor, sessions, last }) : all;
  };
  // Requests overtake each other: the last to be answered may have brought what was so before.
  let value: string;
  do {
    value = now();
    const { ok, status } = await post("keep", { value }, { credentials: "include" });
    memory.update((m) => (m.cookie = ok ? undefined : status));
  } while (value !== now());
};

/** encodeURIComponent leaves some signs that cookies are not sure of; in ids and times there are none. */
const encode = (value: object) => encodeURIComponent(JSON.stringify(value)).replace(/[!'()*]/g, "");
