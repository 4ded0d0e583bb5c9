export { passAll } from "../../../sdk/src/values.ts";
