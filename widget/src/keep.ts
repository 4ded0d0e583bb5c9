import { serialize } from "../../sdk/src/serialize.ts";
import type { Host } from "./present.ts";

/** What fits into the cookie. */
const longest = 1_500;

/**
 * Has the collector keep in a cookie what must not be forgotten: Safari deletes what scripts store
 * after seven days without a visit, so that a rest of 30 days would end there.
 */
export function keep({ config, base, memory }: Host): void {
  if (!config.cookie) return;
  const { visitor, last, answered, dismissed, shows, sessions } = memory.read();
  let value = encode({ visitor, sessions, last, answered, dismissed, shows });
  if (value.length > longest) value = encode({ visitor, sessions, last });
  void fetch(`${base}${config.site}/keep`, {
    method: "POST",
    body: serialize({ value }),
    credentials: "include",
    keepalive: true,
  }).then(
    (reply) => reply.ok || memory.update((m) => (m.cookie = reply.status)),
    () => {}, // the next survey tries again
  );
}

/** encodeURIComponent leaves some signs that cookies are not sure of. */
const encode = (value: unknown) => encodeURIComponent(serialize(value)!).replace(/[!'()*]/g, "");
