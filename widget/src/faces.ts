import type { ShowOptions } from "../../sdk/src/api.ts";
import { pickLanguage } from "../../sdk/src/language.ts";
import type { PageSurvey, Response } from "../../sdk/src/wire.ts";
import type { FaceSurvey, Strings } from "./definition.ts";
import type { Host } from "./present.ts";
import { base, tag } from "./tag.ts";

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
    /** The page or the visitor asked for it, so: nothing keeps it away. */
    asked?: ShowOptions,
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

/**
 * Fetches a survey's late part, in the language that the script tag says, or the page, or the browser where the page
 * says none. The browser keeps one that is there.
 */
export const loadFace = (survey: PageSurvey): Promise<Late> => {
  const name = survey.faces[pickLanguage(survey, tag.language || document.documentElement.lang || navigator.language)]!;
  return load(`${base}a/${name}.js`, name);
};

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
    link.onerror = () => reject(new Error(`cannot load ${url}`));
    document.head.append(link);
  }).finally(() => link.remove());
}
