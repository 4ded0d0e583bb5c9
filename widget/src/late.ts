// The late part: the queue, the lock, and the face. Loaded by import() when a survey's moment comes near.
import "./ui/theme.ts"; // first in the file: 50 bytes less, compressed, than with scripts on either side of its CSS

export { present } from "./present.ts";
