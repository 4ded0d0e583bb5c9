import { createElement, Fragment } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { createSSRApp, defineComponent, h } from "vue";
import { renderToString as renderVue } from "vue/server-renderer";
import { createAskwell } from "./index.ts";
import * as react from "./react.ts";
import * as vue from "./vue.ts";

// On a server: neither window nor document. In pages: widget/test/example-react.spec.ts, example-vue.spec.ts.

const client = createAskwell({ host: "http://127.0.0.1:1", site: "shop" });
const options = { host: "http://127.0.0.1:1", site: "shop", survey: "nps" };

test("React renders the place of a survey on a server, and opens none there", () => {
  const Own = () => {
    const { survey, error } = react.useSurvey(options);
    return createElement(Fragment, null, `${survey ?? "no survey"}, ${error ?? "no error"}`);
  };
  const inside = [
    createElement(react.Askwell, { survey: "nps", className: "nps", key: 1 }),
    createElement(Own, { key: 2 }),
  ];
  expect(renderToString(createElement(react.AskwellProvider, { client }, inside))).toBe(
    '<div class="nps"></div>no survey, no error',
  );
  expect(() => renderToString(createElement(react.Askwell, { survey: "nps" }))).toThrow("<AskwellProvider client={…}>");
});

test("Vue renders the place of a survey on a server, and opens none there", async () => {
  const Own = defineComponent(() => {
    const { survey, error } = vue.useSurvey(options);
    return () => h("p", `${survey.value ?? "no survey"}, ${error.value ?? "no error"}`);
  });
  const app = createSSRApp({ render: () => h("main", [h(vue.Askwell, { survey: "nps", class: "nps" }), h(Own)]) });
  expect(await renderVue(app.use(vue.askwellPlugin, client))).toBe(
    '<main><div class="nps"></div><p>no survey, no error</p></main>',
  );
  const alone = createSSRApp({ render: () => h(vue.Askwell, { survey: "nps" }) });
  alone.config.warnHandler = () => {}; // the error says it
  await expect(renderVue(alone)).rejects.toThrow("app.use(askwellPlugin");
});
