import type { PageSurvey, Response } from "../../sdk/src/wire.ts";
import type { FaceSurvey, Strings } from "./definition.ts";
import type { Host } from "./present.ts";

/** A survey on the page. */
export type Panel = {
  /** Takes it away; dismissed: because the visitor wanted that. */
  close(dismissed?: boolean): void;
};

/** The late part: all that showing takes, joined with one survey's texts in one language. */
export type Late = {
  /** Shows a survey, or not where another tab or the collector says no. */
  present(
    host: Host,
    late: Late,
    survey: PageSurvey,
    trigger: Response["trigger"],
    /** The page or the visitor asked for it: nothing keeps it away. */
    asked?: boolean,
    going?: Response,
  ): Promise<Panel | undefined>;
  survey: FaceSurvey;
  strings: Strings;
  language: string;
  /** Where the language is read so. */
  dir?: "rtl";
  /** Where they are others than 0 to 9. */
  digits?: string;
};

/** Fetches a survey's late part; base ends in "/w/". The browser keeps one that is there. */
export const loadFace = (base: string, survey: PageSurvey): Promise<Late> => {
  const name = survey.faces[pickLanguage(survey)]!;
  return load(`${base}a/${name}.js`, name);
};

/** What the script tag says: data-language="pl". */
const explicit = document.currentScript?.dataset.language;

/**
 * The language that the script tag says, or the page, or the browser where the page says none: zh-Hant-TW, else
 * zh-Hant, else zh, else the survey's own. The collector lists what else goes for a language, as zh-TW for zh-Hant.
 */
function pickLanguage({ faces, language }: PageSurvey): string {
  let wanted = explicit || document.documentElement.lang || navigator.language;
  while (wanted) {
    const found = Object.keys(faces).find((face) => face.toLowerCase() === wanted.toLowerCase());
    if (found) return found;
    wanted = wanted.replace(/-?[^-]*$/, "");
  }
  return language;
}

/** Loads a module. The name of a late part is its SHA-256, so it is its integrity too. */
export function load<Part>(url: string, name?: string): Promise<Part> {
  const link = document.createElement("link");
  if (!link.relList.supports("modulepreload")) return import(url) as Promise<Part>;
  return new Promise<Part>((resolve, reject) => {
    link.rel = "modulepreload";
    if (name) link.integrity = `sha256-${name.replace(/-/g, "+").replace(/_/g, "/")}=`;
    link.href = url;
    // Only after the preload has loaded: import() would fetch a file of the wrong hash again, unchecked,
    // and one that failed never again.
    link.onload = () => resolve(import(url) as Promise<Part>);
    link.onerror = reject;
    document.head.append(link);
  }).finally(() => link.remove());
}
