// The late part: the queue, the lock, and the face. Loaded by import() when a survey's moment comes near.
export { present } from "./present.ts";
