/** The cookie in which the collector keeps what storage may forget, on sites that have one: late/keep.ts has it written. */
export const cookie = {
  /** What it keeps. */
  read(name: string): string | undefined {
    try {
      return decodeURIComponent(document.cookie.split(`${name}=`)[1]!.split(";")[0]!);
    } catch {
      return undefined; // there is none, or not what we wrote
    }
  },
  /** Has it wiped: consent was taken back. Who never agreed has none, and nothing is sent of them. */
  forget(name: string | undefined, site: string): void {
    if (document.cookie.includes(`${name}=`))
      fetch(`${site}/keep`, { method: "POST", body: '{"value":""}', credentials: "include", keepalive: true }).catch(
        () => {},
      );
  },
};
