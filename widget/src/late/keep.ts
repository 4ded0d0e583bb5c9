import type { Extra } from "../present.ts";
import { isPrivate } from "../visitor.ts";

/** What fits into the cookie. */
const longest = 1_500;

/**
 * Has the collector keep in a cookie what must not be forgotten: Safari deletes what scripts store
 * after seven days without a visit, so that a rest of 30 days would end there.
 */
export const keep: Extra = async ({ config, memory }, post) => {
  if (isPrivate(config)) return;
  const { visitor, last, answered, dismissed, shows, sessions } = memory.read();
  let value = encode({ visitor, sessions, last, answered, dismissed, shows });
  if (value.length > longest) value = encode({ visitor, sessions, last });
  const { ok, status } = await post("keep", { value }, { credentials: "include" });
  memory.update((m) => (m.cookie = ok ? undefined : status));
};

/** encodeURIComponent leaves some signs that cookies are not sure of; in ids and times there are none. */
const encode = (value: object) => encodeURIComponent(JSON.stringify(value)).replace(/[!'()*]/g, "");
