import { createAskwell } from "@askwell/sdk";
import { Askwell } from "@askwell/sdk/react";
import { Providers } from "./providers";

export const dynamic = "force-dynamic"; // rendered on the server for each visit

// On the server, where every call does nothing.
createAskwell({ host: "http://collector.example", site: "next" }).track("rendered");

export default function Page() {
  return (
    <Providers>
      <Askwell survey="nps" className="place" />
    </Providers>
  );
}
