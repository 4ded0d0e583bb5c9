export { plural } from "../../../sdk/src/words.ts";
