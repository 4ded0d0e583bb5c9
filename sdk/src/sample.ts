/**
 * A number from 0 to 1 that is always the same for the same text, and else as good as random: who is in a sample
 * stays in it. Rolled anew at each trigger, 10 % become 41 % after five.
 * FNV-1a, then the last steps of MurmurHash3, because FNV alone leaves texts that differ at their end close together.
 */
export function draw(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
