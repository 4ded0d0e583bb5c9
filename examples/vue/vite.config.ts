import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const port = Number(process.env.PORT ?? 3000);

export default defineConfig({
  plugins: [vue()],
  server: { port, strictPort: true },
  preview: { port },
  // Which collector and which site: the page may know these two, and not the key.
  envPrefix: ["ASKWELL_HOST", "ASKWELL_SITE"],
  // The SDK is a link into this repository, and finds a Vue of its own there. Installed from npm it needs none of this.
  resolve: { dedupe: ["vue"] },
});
