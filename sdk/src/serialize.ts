/**
 * JSON of plain data, as JSON.stringify writes it, without ever calling toJSON: pages with Prototype.js
 * 1.6 or 1.7 give arrays and strings one that turns lists into text. Primitives have none called
 * (ECMA-262, SerializeJSONProperty: objects and big integers only; seen in Chromium 156), functions do.
 */
export function serialize(value: unknown): string | undefined {
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || !value) return JSON.stringify(value);
  const list = Array.isArray(value);
  let text = "";
  // Own members only: for-in and Prototype's Object.keys list what Object.prototype was given too.
  for (const [name, member] of Object.entries(value)) {
    const written = serialize(member);
    if (list) text += `,${written ?? null}`;
    else if (written) text += `,${JSON.stringify(name)}:${written}`;
  }
  text = text.slice(1);
  return list ? `[${text}]` : `{${text}}`;
}
