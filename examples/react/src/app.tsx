import { useAskwell } from "@askwell/sdk/react";
import { useState } from "react";
import { Help } from "./help.tsx";
import { Ride } from "./ride.tsx";

const places = { Ride, Help };
type Place = keyof typeof places;

export function App() {
  const askwell = useAskwell();
  const [place, setPlace] = useState<Place>("Ride");
  const Shown = places[place];
  return (
    <>
      <header>
        <strong>Saddle</strong>
        <nav>
          {(Object.keys(places) as Place[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === place ? "page" : undefined}
              onClick={() => setPlace(name)}
            >
              {name}
            </button>
          ))}
        </nav>
        <button type="button" className="quiet" onClick={() => askwell.show("feedback")}>
          Feedback
        </button>
      </header>
      <main>
        <Shown />
      </main>
    </>
  );
}
