/**
 * Askwell in React (18 or 19): a survey in its place on the page, and hooks.
 *
 * ```tsx
 * const askwell = createAskwell({ host: "https://feedback.example", site: "shop" });
 *
 * <AskwellProvider client={askwell}>
 *   <Askwell survey="nps" hidden={{ order_id: order.id }} onCompleted={() => setDone(true)} />
 * </AskwellProvider>
 * ```
 *
 * @module \@askwell/sdk/react
 */
"use client";

import {
  createContext,
  createElement,
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import type { Api, EventName, Listener, Traits } from "./api.ts";
import { events } from "./emit.ts";
import { type OpenError, type OpenOptions, openSurvey, type Survey } from "./headless.ts";
import type { HiddenOf, SurveyId } from "./names.ts";

const Client = createContext<Api | undefined>(undefined);

/** Gives what createAskwell() made to all that is in it. */
export const AskwellProvider = (props: { client: Api; children?: ReactNode }): ReactElement =>
  createElement(Client.Provider, { value: props.client }, props.children);

/** What createAskwell() made, from the provider around: identify, track, show … */
export function useAskwell(): Api {
  const client = useContext(Client);
  if (!client) throw new Error("useAskwell() and <Askwell> need an <AskwellProvider client={…}> around them");
  return client;
}

/** What a component hears of its survey. */
type Heard = { readonly [Event in EventName as `on${Capitalize<Event>}`]?: Listener<Event> };

/** What `<Askwell>` takes: a survey, what it is told, what it tells, and attributes of its element. */
export type AskwellProps<Id extends SurveyId = SurveyId> = Heard &
  Omit<HTMLAttributes<HTMLDivElement>, keyof Heard | "hidden" | "children"> & {
    /** Id of a live survey: it shows in this place, whatever its triggers and frequency say, until the component goes. */
    survey: Id;
    /** The fields that the survey declares, as they are when it shows. */
    hidden?: HiddenOf<Id>;
    /** What is known of the visitor, for this response. */
    traits?: Traits;
  };

/** A survey in this place on the page. What else it is given, as `className`, is for the element around it. */
export function Askwell<Id extends SurveyId>(props: AskwellProps<Id>): ReactElement {
  const { survey, hidden, traits, ...rest } = props;
  const client = useAskwell();
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const attributes: Record<string, unknown> = { ...rest, key: survey, ref: element };
  for (const event of events) delete attributes[nameOf(event)];
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const { hidden, traits } = latest.current;
    const ends = events.map((event) =>
      client.on(event, (id, more) => {
        if (id === survey) (latest.current[nameOf(event)] as Listener | undefined)?.(id, more);
      }),
    );
    client.show(survey, { hidden, traits, into: element.current! });
    return () => {
      for (const end of ends) end();
    };
  }, [client, survey]);
  // By its key the element is another one for another survey: the one before goes with its own.
  return createElement("div", attributes);
}

const nameOf = (event: EventName) => `on${event[0]!.toUpperCase()}${event.slice(1)}` as keyof Heard;

/** A survey with an interface of one's own: undefined until it is open. */
export type Opened<Id extends SurveyId = SurveyId> = {
  /** What is so now: another object after each change. */
  readonly survey?: Survey<Id>;
  /** Why it could not be opened. */
  readonly error?: OpenError;
};

/**
 * Opens a survey (see openSurvey) when the component is there, anew for another site, survey, language or user, and ends
 * it with the component. `survey` is what is so at each rendering.
 */
export function useSurvey<Id extends SurveyId>(options: Omit<OpenOptions<Id>, "signal">): Opened<Id> {
  const [opened, setOpened] = useState<Opened<Id>>({});
  const latest = useRef(options);
  const { host, site, survey, language, user, consent } = options;
  useEffect(() => {
    latest.current = options;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: these say that it is another survey; the rest is as it is when it opens
  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    const set = (now: Opened<Id>) => signal.aborted || setOpened(now);
    openSurvey({ ...latest.current, signal }).then(
      (survey) => {
        const draw = () => set({ survey: { ...survey } });
        survey.subscribe(draw);
        draw();
      },
      (error: OpenError) => set({ error }),
    );
    return () => {
      gone.abort();
      setOpened({});
    };
  }, [host, site, survey, language, user, consent]);
  return opened;
}
