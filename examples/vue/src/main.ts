import { createAskwell } from "@askwell/sdk";
import { askwellPlugin } from "@askwell/sdk/vue";
import { createApp } from "vue";
import App from "./App.vue";
import "./style.css";
import { where } from "./where.ts";

const askwell = createAskwell(where);
askwell.identify("weaver-3", { plan: "studio" });

createApp(App).use(askwellPlugin, askwell).mount("#app");
