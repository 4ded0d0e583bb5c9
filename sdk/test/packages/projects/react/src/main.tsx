import { createAskwell } from "@askwell/sdk";
import { Askwell, AskwellProvider } from "@askwell/sdk/react";
import { start } from "@askwell/widget";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { entries } from "./entries";

const query = new URLSearchParams(location.search);
const load = query.has("bundled") ? start : undefined;
const askwell = createAskwell({ host: query.get("host")!, site: query.get("site")!, load });

createRoot(document.querySelector("#app")!).render(
  <StrictMode>
    <AskwellProvider client={askwell}>
      <Askwell survey="nps" className="place" />
    </AskwellProvider>
    <pre>{JSON.stringify(entries)}</pre>
  </StrictMode>,
);
