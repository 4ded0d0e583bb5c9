"use client";

import { createAskwell } from "@askwell/sdk";
import { AskwellProvider } from "@askwell/sdk/react";
import { start } from "@askwell/widget";
import { entries } from "./entries";

// The server renders this too, without an address; there every call does nothing.
const query = new URLSearchParams(globalThis.location?.search);
const load = query.has("bundled") ? start : undefined;
const askwell = createAskwell({ host: query.get("host"), site: query.get("site"), load });

export function Providers({ children }) {
  return (
    <AskwellProvider client={askwell}>
      {children}
      <pre>{JSON.stringify(entries)}</pre>
    </AskwellProvider>
  );
}
