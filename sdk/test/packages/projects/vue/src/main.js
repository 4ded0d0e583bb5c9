import { createAskwell } from "@askwell/sdk";
import { askwellPlugin } from "@askwell/sdk/vue";
import { start } from "@askwell/widget";
import { createApp } from "vue";
import App from "./App.vue";

const query = new URLSearchParams(location.search);
const load = query.has("bundled") ? start : undefined;
const askwell = createAskwell({ host: query.get("host"), site: query.get("site"), load });

createApp(App).use(askwellPlugin, askwell).mount("#app");
