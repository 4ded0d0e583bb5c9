import type { PageSurvey } from "../../sdk/src/wire.ts";
import type { Answers, FaceSurvey, Strings } from "./definition.ts";
import type { Face, FaceHost } from "./face.ts";

/** The late part: the face, joined with one survey's texts in one language. */
export type Late = {
  mount(survey: FaceSurvey, strings: Strings, language: string, host: FaceHost): Face;
  survey: FaceSurvey;
  strings: Strings;
  language: string;
};

export type { Answers, Face };

/** Fetches late parts, each once; base ends in "/w/". */
export function createFaces(base: string): (survey: PageSurvey) => Promise<Late> {
  const loaded: Record<string, Promise<Late> | undefined> = {};
  return (survey) => {
    const name = survey.faces[pickLanguage(survey)]!;
    return (loaded[name] ??= load(`${base}a/${name}.js`, name).catch((error: unknown) => {
      loaded[name] = undefined; // the next trigger may try again
      throw error;
    }));
  };
}

/** The page's language, else its base (pl for pl-PL), else the browser's, else the survey's own. */
function pickLanguage({ faces, language }: PageSurvey): string {
  for (const wanted of [document.documentElement.lang, navigator.language]) {
    const found = Object.keys(faces).find((face) => face.toLowerCase() === wanted.toLowerCase());
    const base = wanted.split("-")[0]!;
    if (found ?? base in faces) return found ?? base;
    // A page says which language it is in: the browser's is asked only where the page does not.
    if (wanted) break;
  }
  return language;
}

/** The name of a late part is its SHA-256, so it is its integrity too. */
function load(url: string, name: string): Promise<Late> {
  const link = document.createElement("link");
  if (!link.relList.supports("modulepreload")) return import(url) as Promise<Late>;
  return new Promise<Late>((resolve, reject) => {
    link.rel = "modulepreload";
    link.integrity = `sha256-${name.replace(/-/g, "+").replace(/_/g, "/")}=`;
    link.href = url;
    // Only after the preload has loaded: import() would fetch a file of the wrong hash again, unchecked.
    link.onload = () => resolve(import(url) as Promise<Late>);
    link.onerror = () => reject(new Error(`Askwell: cannot load ${url}`));
    document.head.append(link);
  }).finally(() => link.remove());
}
