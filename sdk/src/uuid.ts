/** A UUID of version 7 (RFC 9562): its first 48 bits are the time, so ids sort by birth. */
export function uuidv7(now: number): string {
  // Adding the next power of two keeps the zeros in front.
  let hex = `${(now + 2 ** 48).toString(16).slice(1)}7`;
  // getRandomValues works on insecure origins, where randomUUID does not exist.
  for (const byte of crypto.getRandomValues(new Uint8Array(10))) hex += (byte + 256).toString(16).slice(1);
  return hex.replace(/(.{8})(.{4})(.{4})(.{3})(.{12}).*/, "$1-$2-$3-8$4-$5");
}
