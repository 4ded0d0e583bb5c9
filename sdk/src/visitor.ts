import type { Memory } from "./memory.ts";
import { uuidv7 } from "./uuid.ts";
import type { Config } from "./wire.ts";

/** Whether the visitor asked not to be tracked, and the site respects it. */
export const isPrivate = ({ privacy_signals }: Config): boolean =>
  !privacy_signals &&
  (!!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl || navigator.doNotTrack === "1");

/** The visitor's id, made when it is first needed. */
export const visitorOf = (memory: Memory): string =>
  memory.read().visitor || memory.update((m) => (m.visitor ||= uuidv7(Date.now()))).visitor!;
