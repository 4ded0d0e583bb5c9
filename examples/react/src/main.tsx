import { createAskwell } from "@askwell/sdk";
import { AskwellProvider } from "@askwell/sdk/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./style.css";
import { where } from "./where.ts";

const askwell = createAskwell(where);
askwell.identify("rider-7", { member: true });

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <AskwellProvider client={askwell}>
      <App />
    </AskwellProvider>
  </StrictMode>,
);
