import type { PageSurvey } from "./wire.ts";

/**
 * Of a survey's languages the one that is wanted: zh-Hant-TW, else zh-Hant, else zh, else the survey's own. The
 * collector lists what else goes for a language, as zh-TW for zh-Hant.
 */
export function pickLanguage({ faces, language }: PageSurvey, wanted: string | undefined): string {
  while (wanted) {
    const found = Object.keys(faces).find((face) => face.toLowerCase() === wanted!.toLowerCase());
    if (found) return found;
    wanted = wanted.replace(/-?[^-]*$/, "");
  }
  return language;
}
