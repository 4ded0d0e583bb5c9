/**
 * Askwell in Vue 3: a survey in its place on the page, and composables.
 *
 * ```ts
 * createApp(App).use(askwellPlugin, createAskwell({ host: "https://feedback.example", site: "shop" })).mount("#app");
 * ```
 *
 * ```vue
 * <Askwell survey="nps" :hidden="{ order_id: order.id }" @completed="done = true" />
 * ```
 *
 * @module \@askwell/sdk/vue
 */
import {
  type App,
  defineComponent,
  h,
  type InjectionKey,
  inject,
  type MaybeRefOrGetter,
  onMounted,
  type PublicProps,
  type ShallowRef,
  shallowRef,
  toValue,
  watch,
} from "vue";
import type { Api, EventName, Listener, Traits } from "./api.ts";
import { events } from "./emit.ts";
import { type OpenError, type OpenOptions, openSurvey, type Survey } from "./headless.ts";
import type { HiddenOf, SurveyId } from "./names.ts";

const key: InjectionKey<Api> = Symbol("askwell");

/** Gives what createAskwell() made to all components: app.use(askwellPlugin, client). */
export const askwellPlugin = {
  /** Called by app.use(). */
  install: (app: App, client: Api): void => void app.provide(key, client),
};

/** What createAskwell() made: identify, track, show … */
export function useAskwell(): Api {
  const client = inject(key, undefined);
  if (!client) throw new Error("useAskwell() and <Askwell> need app.use(askwellPlugin, createAskwell(…))");
  return client;
}

/** What a component hears of its survey: `@completed` in a template. */
type Heard = { readonly [Event in EventName as `on${Capitalize<Event>}`]?: Listener<Event> };

/** What `<Askwell>` takes: a survey, what it is told, and what hears of it. */
export type AskwellProps<Id extends SurveyId = SurveyId> = Heard & {
  /** Id of a live survey: it shows in this place, whatever its triggers and frequency say, until the component goes. */
  survey: Id;
  /** What is known of the visitor, for this response. */
  traits?: Traits;
} & (Declared<Id> | Undeclared);

/** Each survey with its own fields: h() takes the props of any survey, and must not take one with another's fields. */
type Declared<Id> = Id extends SurveyId
  ? {
      survey: Id;
      /** The fields that the survey declares, as they are when it shows. */
      hidden?: HiddenOf<Id>;
    }
  : never;

/** Without fields a survey may be any: of more than 25, TypeScript does not look at each for a name that is a variable. */
type Undeclared = { hidden?: undefined };

/** As Vue's compiler types a generic component: defineComponent() has no way to say it. */
type AskwellComponent = new <Id extends SurveyId>(
  props: AskwellProps<Id> & PublicProps,
) => { $props: AskwellProps<Id> & PublicProps };

/** A survey in this place on the page. What else it is given, as `class`, is for the element around it. */
export const Askwell = defineComponent(
  (props: AskwellProps, { emit }) => {
    const client = useAskwell();
    const element = shallowRef<HTMLElement>();
    watch(element, (into, _, onCleanup) => {
      if (!into) return;
      const { survey, hidden, traits } = props;
      const ends = events.map((event) => client.on(event, (id, more) => id === survey && emit(event, id, more)));
      onCleanup(() => {
        for (const end of ends) end();
      });
      client.show(survey, { hidden, traits, into });
    });
    // By its key the element is another one for another survey: the one before goes with its own.
    return () => h("div", { key: props.survey, ref: element });
  },
  {
    name: "AskwellSurvey",
    props: { survey: { type: String, required: true }, hidden: Object, traits: Object },
    emits: events,
  },
) as AskwellComponent;

/** A survey with an interface of one's own: undefined until it is open. */
export type Opened<Id extends SurveyId = SurveyId> = {
  /** What is so now: another object after each change. */
  readonly survey: Readonly<ShallowRef<Survey<Id> | undefined>>;
  /** Why it could not be opened. */
  readonly error: Readonly<ShallowRef<OpenError | undefined>>;
};

/**
 * Opens a survey (see openSurvey) when the component is there, anew for another survey, language, user or consent of the
 * options that are given as a ref or a getter, and ends it with the component. `survey` changes with what is so.
 */
export function useSurvey<Id extends SurveyId>(options: MaybeRefOrGetter<Omit<OpenOptions<Id>, "signal">>): Opened<Id> {
  const survey = shallowRef<Survey<Id>>();
  const error = shallowRef<OpenError>();
  onMounted(() =>
    watch(
      // These say that it is another survey; the rest is as it is when it opens, as in React.
      (["host", "site", "survey", "language", "user", "consent"] as const).map((one) => () => toValue(options)[one]),
      (_, __, onCleanup) => {
        const gone = new AbortController();
        const { signal } = gone;
        onCleanup(() => gone.abort());
        survey.value = error.value = undefined;
        openSurvey({ ...toValue(options), signal }).then(
          (opened) => {
            const draw = () => {
              if (!signal.aborted) survey.value = { ...opened };
            };
            opened.subscribe(draw);
            draw();
          },
          (why: OpenError) => {
            if (!signal.aborted) error.value = why;
          },
        );
      },
      { immediate: true },
    ),
  );
  return { survey, error };
}
