const drawn: number[] = [];

/** In random order, but for those after the first so many; and the same again when the visitor comes back. */
export const shuffle = <T>(all: readonly T[], first = 0): T[] =>
  all
    // Those to be mixed draw a place below 1, the others keep theirs from there on.
    .map((one, i) => ({ one, place: i < first ? (drawn[i] ??= Math.random()) : i + 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
